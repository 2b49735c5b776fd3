using System.Text.Json.Nodes;
using Build.Upstream;
using Shouldly;

namespace Cake.KubeCache.Integration.BuildHost;

/// <summary>The quickstart's registry as a client of others sees it.</summary>
public sealed class UpstreamRegistryTests
{
    [Fact]
    public async Task Skopeo_copies_and_reads_an_image()
    {
        Assert.SkipWhen(ExternalProgram.Find("skopeo") is null, "skopeo is not installed");
        await using var upstream = await QuickstartUpstream.StartAsync(TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        var source = $"docker://{new Uri(upstream.Url).Authority}/demo/greeter:v1.0.0";

        var copy = await ExternalProgram.RunAsync(
            "skopeo", ["copy", "--override-arch=arm64", "--src-tls-verify=false", source, $"oci:{folder.Path}:greeter"]);
        copy.ExitCode.ShouldBe(0, copy.Everything);

        var inspect = await ExternalProgram.RunAsync("skopeo", ["inspect", "--override-arch=arm64", $"oci:{folder.Path}:greeter"]);
        inspect.ExitCode.ShouldBe(0, inspect.Everything);
        var image = JsonNode.Parse(inspect.Output)!;
        image["Architecture"]!.GetValue<string>().ShouldBe("arm64");
        image["Layers"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Curl_resumes_a_file()
    {
        Assert.SkipWhen(ExternalProgram.Find("curl") is null, "curl is not installed");
        await using var upstream = await QuickstartUpstream.StartAsync(TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        var url = upstream.Url + "/phrasebook/phrasebook-2025.1.tar.gz";
        (await ExternalProgram.RunAsync("curl", ["-fsS", "-o", "whole", url], folder.Path)).ExitCode.ShouldBe(0);
        var whole = await File.ReadAllBytesAsync(folder.At("whole"));
        await File.WriteAllBytesAsync(folder.At("part"), whole[..100_000]);

        var resumed = await ExternalProgram.RunAsync("curl", ["-fsS", "-C", "-", "-w", "%{size_download}", "-o", "part", url], folder.Path);

        resumed.Output.ShouldBe((whole.Length - 100_000).ToString(System.Globalization.CultureInfo.InvariantCulture), resumed.Everything);
        (await File.ReadAllBytesAsync(folder.At("part"))).ShouldBeBytes(whole);
    }
}
