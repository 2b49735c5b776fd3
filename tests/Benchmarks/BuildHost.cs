using System.Globalization;
using System.Text.Json;

namespace Benchmarks;

/// <summary>
/// Whole runs of the build host as people call it, over the inventory, catalogue and cache of a folder. What nothing else uses while a run is measured is
/// its peak memory, which GNU time tells.
/// </summary>
internal sealed class BuildHost(Folder folder, LabNodes lab)
{
    /// <summary>The known_hosts file, when it is not the lab's.</summary>
    public string? KnownHosts { get; init; }

    /// <summary>What the command begins with; nothing on this machine.</summary>
    public string Where { get; init; } = "";

    /// <summary>Writes the one file of the catalogue.</summary>
    public async Task WriteCatalogueAsync(string yaml)
    {
        folder.Renew("catalogue");
        await File.WriteAllTextAsync(folder.At("catalogue", "downloads.yml"), "local_release_dir: /opt/bench/releases\n" + yaml);
    }

    /// <summary>Runs a target and reads its report; what it printed is shown when it fails.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<HostRun> RunAsync(string target, string more = "")
    {
        var seconds = await TimeAsync(target, $"--report={folder.At("report.json")} {more}");
        var peak = long.Parse(await File.ReadAllTextAsync(folder.At("peak")), CultureInfo.InvariantCulture) * 1024;
        return Read(seconds, peak);
    }

    /// <summary>Seconds that a target takes which is to find nothing to do, without the report that nobody asked for.</summary>
    /// <exception cref="InvalidOperationException">It failed, or something had to be done.</exception>
    public async Task<double> TimeNothingAsync(string target)
    {
        var seconds = await TimeAsync(target, "");
        return (await File.ReadAllTextAsync(folder.At("log"))).Contains("nothing moved, ", StringComparison.Ordinal) ? seconds : throw new InvalidOperationException("it was not up to date");
    }

    private async Task<double> TimeAsync(string target, string more)
    {
        var host = $"dotnet {Repository.Host} --target={target} --inventory={folder.At("hosts.ini")} --catalogue={folder.At("catalogue")} --cache={folder.At("cache")} --known-hosts={KnownHosts ?? lab.KnownHosts} {more}";
        try
        {
            return await Tool.TimeAsync($"{Tool.Find("time")} -f %M -o {folder.At("peak")} {Where} {host} >{folder.At("log")} 2>&1", folder.At());
        }
        catch (InvalidOperationException)
        {
            await Console.Error.WriteAsync(await File.ReadAllTextAsync(folder.At("log")));
            throw;
        }
    }

    private HostRun Read(double seconds, long peak)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(folder.At("report.json")));
        var run = report.RootElement.GetProperty("run");
        return new HostRun(seconds, run.GetProperty("took").GetDouble(), peak, run.GetProperty("upToDate").GetBoolean(),
        [
            .. run.GetProperty("nodes").EnumerateArray().Select(n => new HostRunNode(
                n.GetProperty("node").GetString()!,
                n.TryGetProperty("probeTook", out var probe) && probe.ValueKind == JsonValueKind.Number ? probe.GetDouble() : 0,
                n.GetProperty("bytesSent").GetInt64(),
                n.GetProperty("deliveries").EnumerateArray().Where(d => d.GetProperty("state").GetString() == "done").Sum(d => d.GetProperty("took").GetDouble()))),
        ]);
    }
}

/// <summary>What a run took and moved.</summary>
/// <param name="Seconds">The whole process.</param>
/// <param name="Work">Its own work, without the start of the process, in seconds.</param>
/// <param name="PeakMemory">Largest resident memory, in bytes.</param>
/// <param name="UpToDate">Whether nothing had to be done.</param>
/// <param name="Nodes">What was done for each node.</param>
internal sealed record HostRun(double Seconds, double Work, long PeakMemory, bool UpToDate, IReadOnlyList<HostRunNode> Nodes);

/// <summary>What a run did for one node.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Probe">Seconds of its probe.</param>
/// <param name="BytesSent">Bytes that went to it.</param>
/// <param name="Delivering">Seconds of its deliveries, one after another.</param>
internal sealed record HostRunNode(string Node, double Probe, long BytesSent, double Delivering);
