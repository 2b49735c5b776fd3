using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Benchmarks;

/// <summary>
/// Planning as people call it, the whole process: a generated inventory of 4 and of 1,000 hosts in three groups over a catalogue (recipes/kubernetes, or
/// <c>--catalogue=DIR</c>); seconds and peak memory. Where Ansible is installed, against <c>ansible-inventory --list</c>, which reads the same
/// inventory without evaluating anything.
/// </summary>
internal static class PlanMeasurement
{
    private static readonly int[] Sizes = [4, 1000];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var catalogue = arguments.FirstOrDefault(a => a.StartsWith("--catalogue=", StringComparison.Ordinal))?["--catalogue=".Length..] ?? Path.Combine(Repository.Root, "recipes", "kubernetes");
        var host = Repository.Host;
        if (!File.Exists(host))
        {
            await Console.Error.WriteLineAsync($"{host} is not there: start ./build.sh once");
            return 1;
        }

        using var folder = new Folder();
        Console.WriteLine($"catalogue {catalogue}");
        foreach (var size in Sizes)
        {
            var inventory = folder.At($"hosts{size}.ini");
            await File.WriteAllTextAsync(inventory, Inventory(size));
            var plan = new ProcessStartInfo("dotnet", [host, "--target=Plan", $"--inventory={inventory}", $"--catalogue={catalogue}", $"--cache={folder.At("cache")}"]);
            var peak = 0L;
            var ways = new List<(string, Func<Task<double>>)> { ($"plan of {size} hosts", async () =>
            {
                var (seconds, bytes) = await MeasureAsync(plan);
                peak = Math.Max(peak, bytes);
                return seconds;
            }) };
            var ansible = Find("ansible-inventory");
            if (ansible is not null)
            {
                ways.Add(("ansible-inventory --list", async () => (await MeasureAsync(new ProcessStartInfo(ansible, ["-i", inventory, "--list"]))).Seconds));
            }

            var medians = await Series.RunAsync([.. ways]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"peak memory",-28} {peak / 1e6,7:0} MB"));
            if (ansible is not null)
            {
                Series.Ratio($"plan of {size} hosts against ansible-inventory", medians[$"plan of {size} hosts"] / medians["ansible-inventory --list"]);
            }
        }

        if (Find("ansible-inventory") is null)
        {
            Console.WriteLine("no ratio: ansible-inventory is not installed, and no other public tool reads such an inventory");
        }

        return 0;
    }

    // Three control planes that are also etcd, the rest workers; each host with an address of its own, as generated inventories have it.
    private static string Inventory(int size)
    {
        var control = Math.Min(3, size - 1);
        var text = new StringBuilder("[all]\n");
        for (var i = 1; i <= size; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"node{i} ansible_host=192.0.2.{i % 250} ip=10.{i / 60000}.{i / 250 % 250}.{i % 250}{(i <= control ? $" etcd_member_name=etcd{i}" : "")}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"""

            [kube_control_plane]
            node[1:{control}]

            [etcd]
            node[1:{control}]

            [kube_node]
            node[{control + 1}:{size}]

            [k8s_cluster:children]
            kube_control_plane
            kube_node

            """).ToString();
    }

    private static async Task<(double Seconds, long PeakBytes)> MeasureAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var peak = 0L;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(10));
        }

        var took = watch.Elapsed.TotalSeconds;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (took, peak) : throw new InvalidOperationException($"exit code {process.ExitCode}: {start.FileName} {string.Join(' ', start.ArgumentList)}\n{await output}");
    }

    // proc(5): VmHWM is the peak of the resident set so far. The process may be gone between the question and the answer.
    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
}
