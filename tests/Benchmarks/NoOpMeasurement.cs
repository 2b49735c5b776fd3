using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Benchmarks;

/// <summary>
/// A second provisioning of the lab's three nodes (containerd, docker, containers-storage) with 20 files each, as people call it, against three
/// parallel <c>ssh node true</c> with fresh connections.
/// </summary>
internal static class NoOpMeasurement
{
    private const int Files = 20;

    public static async Task<int> RunAsync()
    {
        using var folder = new Folder();
        var state = Path.Combine("/var/tmp", "kubecache-bench-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var port = Tool.FreePort();
        var lab = $"KC_LAB={state} KC_PREFIX=kb KC_NET=10.208.0 KC_PORT0={port} KC_REGPORT={port + 9} bash {Repository.Root}/tests/lab";
        try
        {
            await Tool.TimeAsync($"{lab}/lab-up.sh >/dev/null", folder.At());
            await WriteAsync(folder, state, port);
            var provision = $"dotnet {Repository.Host} --target=Provision --inventory={folder.At("hosts.ini")} --catalogue={folder.At("catalogue")} --cache={folder.At("cache")} --known-hosts={state}/known_hosts >{folder.At("log")} 2>&1";
            var ssh = string.Join(" ", Enumerable.Range(1, 3).Select(n => $"ssh -n -F {state}/ssh_config n{n}-lo true &")) + " wait";
            await Tool.TimeAsync(provision, folder.At());
            var medians = await Series.RunAsync(
                ("three parallel ssh true", () => Tool.TimeAsync(ssh, folder.At())),
                ("no-op provision, whole process", () => Tool.TimeAsync(provision, folder.At())),
                ("no-op provision, its own work", () => WorkOfAsync(provision, folder)));
            Series.Ratio("whole process against ssh", medians["no-op provision, whole process"] / medians["three parallel ssh true"]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"whole process less ssh         {medians["no-op provision, whole process"] - medians["three parallel ssh true"]:0.000} s"));
            return 0;
        }
        finally
        {
            await Tool.TimeAsync($"{lab}/lab-down.sh --purge", folder.At());
        }
    }

    private static async Task<double> WorkOfAsync(string provision, Folder folder)
    {
        await Tool.TimeAsync(provision, folder.At());
        return Work(await File.ReadAllTextAsync(folder.At("log")));
    }

    // "Up to date: … nothing moved, 0.19 s"
    private static double Work(string log)
    {
        var line = log.Split('\n').Single(l => l.Contains("nothing moved, ", StringComparison.Ordinal));
        var text = line[(line.IndexOf("nothing moved, ", StringComparison.Ordinal) + "nothing moved, ".Length)..];
        return double.Parse(text[..text.IndexOf(' ')], CultureInfo.InvariantCulture);
    }

    private static async Task WriteAsync(Folder folder, string state, int port)
    {
        var catalogue = new StringBuilder("local_release_dir: /opt/bench/releases\ndownloads:\n");
        for (var i = 0; i < Files; i++)
        {
            var content = RandomNumberGenerator.GetBytes(100_000);
            await File.WriteAllBytesAsync(folder.At($"file{i}"), content);
            catalogue.Append(CultureInfo.InvariantCulture, $"  file{i}: {{ enabled: true, file: true, url: 'file://{folder.At($"file{i}")}', checksum: 'sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}', dest: /opt/bench/file{i}, mode: '0755', groups: [k8s_cluster] }}\n");
        }

        folder.Renew("catalogue");
        await File.WriteAllTextAsync(folder.At("catalogue", "downloads.yml"), catalogue.ToString());
        var inventory = new StringBuilder("[k8s_cluster]\n");
        foreach (var (number, runtime) in new[] { (1, "containerd"), (2, "docker"), (3, "crio") })
        {
            inventory.Append(CultureInfo.InvariantCulture, $"n{number} ansible_host=127.0.0.1 ansible_port={port + number} ansible_user=root ansible_ssh_private_key_file={state}/id_ed25519 container_manager={runtime}\n");
        }

        await File.WriteAllTextAsync(folder.At("hosts.ini"), inventory.ToString());
    }
}
