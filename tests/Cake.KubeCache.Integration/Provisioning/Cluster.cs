using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cake.KubeCache.Integration.Fetch;
using Cake.KubeCache.Integration.Lab;
using Cake.KubeCache.Model;
using Cake.KubeCache.Tests.Sources;

namespace Cake.KubeCache.Integration.Provisioning;

/// <summary>
/// An inventory over the lab's three nodes, a catalogue of two files and an image, an nginx and a registry that serve them, and a
/// cache: what a user has, below a folder that is gone after the test.
/// </summary>
internal sealed class Cluster(LabFixture lab, Daemon nginx, DockerRegistry registry) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = "t" + Guid.NewGuid().ToString("N")[..8];

    /// <summary>Where the tool is put on the nodes; of this cluster alone.</summary>
    public string ToolPath => $"/opt/{_name}/tool";

    /// <summary>The image's full reference without its tag.</summary>
    public string Repository => $"{registry.Host}/{_name}/app";

    /// <summary>The inventory file; tests may write another.</summary>
    public string Inventory => _folder.At("inventory", "hosts.ini");

    /// <summary>The catalogue file.</summary>
    public string Catalogue => _folder.At("catalogue", "downloads.yml");

    /// <summary>The store.</summary>
    public string Cache => _folder.At("cache");

    /// <summary>The known host keys; the lab's unless a test names others.</summary>
    public string KnownHosts { get; set; } = lab.KnownHosts;

    /// <summary>Content keys that the store's manifest lists as there.</summary>
    public IEnumerable<string> Stored => JsonDocument.Parse(File.ReadAllText(Path.Combine(Cache, "manifest.json"))).RootElement.GetProperty("artifacts").EnumerateObject().Select(a => a.Name);

    /// <summary>Starts the servers and writes everything; skips the test where the lab cannot be.</summary>
    public static async Task<Cluster> StartAsync(LabFixture lab)
    {
        lab.Require();
        Daemon.Need("nginx", "docker-registry", "skopeo");
        var served = Directory.CreateTempSubdirectory("kubecache-nginx-").FullName;
        var port = Daemon.FreePort();
        await File.WriteAllTextAsync(Path.Combine(served, "nginx.conf"), $$"""
            daemon off; worker_processes 1; pid {{served}}/pid; error_log {{served}}/error.log; user root;
            events { worker_connections 64; }
            http {
              access_log {{served}}/access.log; client_body_temp_path {{served}}/t1; proxy_temp_path {{served}}/t2; fastcgi_temp_path {{served}}/t3; uwsgi_temp_path {{served}}/t4; scgi_temp_path {{served}}/t5;
              server { listen 127.0.0.1:{{port}}; root {{served}}; }
            }
            """);
        var cluster = new Cluster(lab, await Daemon.StartAsync("nginx", port, "-c", Path.Combine(served, "nginx.conf")), await DockerRegistry.StartAsync());
        cluster.Served = served;
        await cluster.WriteAsync(served);
        return cluster;
    }

    /// <summary>The build host on this cluster, with a report.</summary>
    public Task<ProgramResult> RunAsync(params string[] arguments) => BuildHostProgram.RunAsync(Arguments(arguments));

    /// <summary>The build host's arguments for this cluster, with a report.</summary>
    public string[] Arguments(params string[] arguments) =>
    [
        $"--inventory={Inventory}", $"--catalogue={_folder.At("catalogue")}", $"--cache={Cache}", $"--known-hosts={KnownHosts}", "--connect-timeout=5",
        $"--report={_folder.At("report.json")}", .. arguments,
    ];

    /// <summary>The last run's report.</summary>
    public JsonElement Report => JsonDocument.Parse(File.ReadAllText(_folder.At("report.json"))).RootElement.GetProperty("run");

    /// <summary>What nginx serves.</summary>
    public string Served { get; private set; } = "";

    /// <summary><c>local_release_dir</c> of the nodes.</summary>
    public string ReleaseDirectory => $"/opt/{_name}/releases";

    /// <summary>SHA-256 of a file that nginx serves, as hexadecimal digits.</summary>
    public async Task<string> SumAsync(string file) => Sha(await File.ReadAllBytesAsync(Path.Combine(Served, file)));

    /// <summary>Each node of the last run with its state.</summary>
    public IEnumerable<string> States() => Report.GetProperty("nodes").EnumerateArray().Select(n => $"{n.GetProperty("node").GetString()} {n.GetProperty("state").GetString()}");

    /// <summary>Replaces a text in the inventory or the catalogue.</summary>
    public static void Change(string file, string old, string replacement)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await nginx.DisposeAsync();
        await registry.DisposeAsync();
        _folder.Dispose();
    }

    private async Task WriteAsync(string served)
    {
        var tool1 = TestImage.Noise(200_000, 1);
        var tool2 = TestImage.Noise(210_000, 2);
        await File.WriteAllBytesAsync(Path.Combine(served, "tool-1.0"), tool1);
        await File.WriteAllBytesAsync(Path.Combine(served, "tool-2.0"), tool2);
        var (code, output) = await Daemon.RunAsync("tar", "-czf", Path.Combine(served, "kit.tgz"), "-C", served, "tool-1.0");
        Assert.True(code == 0, output);
        await registry.PushAsync($"{_name}/app:1.0", TestImage.Make([_name + " base", _name + " one"], padding: 300_000));
        await registry.PushAsync($"{_name}/app:2.0", TestImage.Make([_name + " base", _name + " two"], padding: 300_000));

        _folder.Write("catalogue/downloads.yml", $$$"""
            tool_version: "1.0"
            tool_checksums:
              "1.0": {{{Sha(tool1)}}}
              "2.0": {{{Sha(tool2)}}}
            app_version: "1.0"
            local_release_dir: /opt/{{{_name}}}/releases
            downloads:
              tool:
                enabled: true
                file: true
                url: "http://127.0.0.1:{{{nginx.Port}}}/tool-{{ tool_version }}"
                checksum: "sha256:{{ tool_checksums[tool_version] }}"
                dest: "{{{ToolPath}}}"
                owner: root
                mode: "0755"
                groups: [k8s_cluster]
              kit:
                enabled: true
                file: true
                url: "http://127.0.0.1:{{{nginx.Port}}}/kit.tgz"
                checksum: "sha256:{{{Sha(await File.ReadAllBytesAsync(Path.Combine(served, "kit.tgz")))}}}"
                dest: "{{ local_release_dir }}/kit.tgz"
                unarchive: true
                mode: "0644"
                groups: [k8s_cluster]
              app:
                enabled: true
                container: true
                repo: "{{{Repository}}}"
                tag: "{{ app_version }}"
                groups: [k8s_cluster]
            """);
        var inventory = new StringBuilder("[kube_node]\n");
        foreach (var (number, runtime) in new[] { (1, "containerd"), (2, "docker"), (3, "crio") })
        {
            inventory.Append(CultureInfo.InvariantCulture, $"n{number} ansible_host=127.0.0.1 ansible_port={lab.PortOf(number)} container_manager={runtime}\n");
        }

        _folder.Write("inventory/hosts.ini", inventory.Append("[k8s_cluster:children]\nkube_node\n").ToString());
        _folder.Write("inventory/group_vars/all.yml", $"""
            ansible_user: root
            ansible_ssh_private_key_file: {lab.KeyFile}
            download_retries: 2
            retry_stagger: 1
            kubecache_registries:
              - registry: {registry.Host}
                plain_http: true
            """);
    }

    private static string Sha(byte[] bytes) => Digest.Sha256(SHA256.HashData(bytes)).Hex;
}
