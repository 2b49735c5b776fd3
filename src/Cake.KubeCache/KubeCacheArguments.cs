using System.Globalization;
using Cake.Core;
using Cake.KubeCache.Model;

namespace Cake.KubeCache;

/// <summary>The arguments that <see cref="KubeCacheSettings"/> can come from.</summary>
public static class KubeCacheArguments
{
    /// <summary>All of them, in the order in which help shows them.</summary>
    public static IReadOnlyList<KubeCacheArgument> All { get; } =
    [
        new("inventory", "inventory file or folder", (s, v) => s.Inventories.Add(v)) { Repeatable = true },
        new("catalogue", "Kubespray checkout, folder of YAML files or YAML file that defines the downloads", (s, v) => s.Catalogue = v),
        new("set", "extra variable key=value, or @file.yml", (s, v) => s.Variables.Add(v)) { Repeatable = true },
        new("limit", "host or group to restrict the run to", (s, v) => s.Limits.Add(v)) { Repeatable = true },
        new("cache", "folder of the store", (s, v) => s.Cache = v),
        new("plan-output", "file for the plan as JSON", (s, v) => s.PlanOutput = v),
        new("report", "file for the run report", (s, v) => s.Report = v),
        new("graph", "file for the target graph: .mmd, .dot or .svg", (s, v) => s.GraphOutput = v),
        new("repair", "Verify puts damaged content aside and fetches it again", (s, v) => s.Repair = Switch("repair", v)) { IsSwitch = true },
        new("keep", "earlier plans whose content Prune keeps", (s, v) => s.Keep = Count("keep", v)),
        new("explain", "variable whose layers Plan prints", (s, v) => s.Explain = v),
        new("refresh", "resolve tags anew", (s, v) => s.Refresh = Switch("refresh", v)) { IsSwitch = true },
        new("lock-file", "lock file, instead of kubecache.lock.yml beside the inventory", (s, v) => s.LockFile = v),
        new("image-archive", "image archive to look into before a registry is asked", (s, v) => s.ImageArchives.Add(v)) { Repeatable = true },
        new("kubespray-cache", "cache folder of Kubespray's download role to look into first", (s, v) => s.KubesprayCache = v),
        new("docker-engine", "Docker engine to take images from, such as unix:///var/run/docker.sock", (s, v) => s.DockerEngine = v),
        new("vault-password-file", "password file for Ansible Vault", (s, v) => s.VaultPasswordFile = v),
        new("known-hosts", "known_hosts file to check host keys against", (s, v) => s.KnownHosts = v),
        new("accept-new-host-keys", "accept keys of hosts that are not known yet", (s, v) => s.AcceptNewHostKeys = Switch("accept-new-host-keys", v)) { IsSwitch = true },
        new("connect-timeout", "seconds that a node may take to answer", (s, v) => s.ConnectTimeout = TimeSpan.FromSeconds(Positive("connect-timeout", v))),
        new("max-downloads", "downloads at a time", (s, v) => s.MaxDownloads = Positive("max-downloads", v)),
        new("max-connections", "nodes that are connected to at a time", (s, v) => s.MaxConnections = Positive("max-connections", v)),
        new("serial", "rolling batches of nodes, such as 1,25%,100%", (s, v) => s.Serial = v),
        new("prune-nodes", "remove from nodes what earlier runs brought and no plan wants", (s, v) => s.PruneNodes = Switch("prune-nodes", v)) { IsSwitch = true },
        new("max-pushes", "deliveries at a time over all nodes", (s, v) => s.MaxPushes = Positive("max-pushes", v)),
        new("max-rate", "bandwidth limit for downloads and pushes together, such as 20MB/s", (s, v) => s.MaxBytesPerSecond = ByteRate.Parse(v)),
    ];

    /// <summary>Reads settings from a Cake run's arguments, and from the environment where an argument is not given.</summary>
    /// <param name="context">The Cake context.</param>
    /// <exception cref="KubeCacheException">A value is wrong, or one that can be given once is given twice; all such faults together.</exception>
    public static KubeCacheSettings Read(ICakeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var settings = new KubeCacheSettings();
        var faults = new List<Fault>();
        foreach (var argument in All)
        {
            var (values, where) = Values(context, argument);
            if (values.Count > 1 && !argument.Repeatable)
            {
                faults.Add(new Fault($"{where} is given {values.Count} times") { Got = string.Join(", ", values), Expected = "one value" });
                continue;
            }

            foreach (var value in values)
            {
                try
                {
                    argument.Apply(settings, value);
                }
                catch (FormatException e)
                {
                    faults.Add(new Fault($"{where} has no valid value") { Got = value, Expected = e.Message });
                }
            }
        }

        return faults.Count == 0 ? settings : throw new KubeCacheException(ErrorKind.Input, faults);
    }

    private static (IReadOnlyList<string> Values, string Where) Values(ICakeContext context, KubeCacheArgument argument)
    {
        if (context.Arguments.HasArgument(argument.Name))
        {
            // An argument without a value, such as --refresh, is a switch.
            return ([.. context.Arguments.GetArguments(argument.Name).Select(v => string.IsNullOrEmpty(v) ? "true" : v)], "--" + argument.Name);
        }

        var text = context.Environment.GetEnvironmentVariable(argument.EnvironmentVariable);
        return string.IsNullOrWhiteSpace(text)
            ? ([], "")
            : (text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), argument.EnvironmentVariable);
    }

    private static bool Switch(string name, string value) => value.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => throw new FormatException($"true or false for {name}"),
    };

    private static int Count(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"a whole number for {name}");

    private static int Positive(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new FormatException($"a whole number above 0 for {name}");
}
