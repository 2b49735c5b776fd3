using System.Text;
using Shouldly;

namespace Cake.KubeCache.Tests;

/// <summary>docs/reference.md is made from the code. When this fails, KUBECACHE_WRITE_DOCS=1 writes it anew.</summary>
public sealed class ReferenceTests
{
    private static readonly string File = RepositoryRoot.Of("docs/reference.md");

    [Fact]
    public void The_reference_is_what_the_code_says()
    {
        if (Environment.GetEnvironmentVariable("KUBECACHE_WRITE_DOCS") == "1")
        {
            System.IO.File.WriteAllText(File, Write());
        }

        System.IO.File.ReadAllText(File).ReplaceLineEndings("\n").ShouldBe(Write());
    }

    private static string Write()
    {
        var text = new StringBuilder("# Reference\n\n## Arguments\n\nMade from the code. Arguments that may be repeated stand one a line in their variable.\n\n| argument | variable | meaning |\n| --- | --- | --- |\n");
        foreach (var argument in KubeCacheArguments.All)
        {
            text.Append("| `--").Append(argument.Name).Append(argument.IsSwitch ? "" : "=…").Append('`').Append(argument.Repeatable ? ", repeatable" : "")
                .Append(" | `").Append(argument.EnvironmentVariable).Append("` | ").Append(argument.Description).Append(" |\n");
        }

        text.Append("""

            ## Variables of our own

            Beside those of Kubespray's download role and of Ansible's connections ([nodes](nodes.md), [configuration](configuration.md)):

            | variable | meaning |
            | --- | --- |
            | `kubecache_root` | for local nodes: a folder that stands for the node's `/` |
            | `kubecache_image_dir` | for `container_manager: directory`: where image archives go |
            | `kubecache_registries` | list of registries: `registry`, `mirrors` (`url`, `skip_verify` …), `plain_http`, `skip_verify`, `username`, `password` |
            | `kubecache_allow_unverified` | takes files without a checksum on trust at first use |
            | `kubecache_fanout` | to how many neighbours at a time a node passes on what it has |
            | `kubecache_pin_images` | keeps images from the kubelet's garbage collection (containerd) |

            """);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
