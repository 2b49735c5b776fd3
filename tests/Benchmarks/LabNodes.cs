using System.Globalization;
using System.Text;

namespace Benchmarks;

/// <summary>Throw-away nodes made by <c>tests/lab</c> (root), of any number and kind, that go with the measurement.</summary>
internal sealed class LabNodes : IAsyncDisposable
{
    private const string Network = "10.208.0";

    private readonly Folder _folder;
    private readonly string _state = Path.Combine("/var/tmp", "kubecache-bench-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    private readonly int _port = Math.Min(Tool.FreePort(), 65_000);
    private readonly (string Name, string Kind)[] _nodes;

    private static string Prefix => string.Create(CultureInfo.InvariantCulture, $"kb{Environment.ProcessId}");

    private LabNodes(Folder folder, (string Name, string Kind)[] nodes) => (_folder, _nodes) = (folder, nodes);

    /// <summary>Their host keys, as known_hosts.</summary>
    public string KnownHosts => $"{_state}/known_hosts";

    /// <summary>The key that logs in as root.</summary>
    public string IdentityFile => $"{_state}/id_ed25519";

    /// <summary>What a command begins with that runs on the lab's control machine: on the nodes' own network, which loopback is not.</summary>
    public string Control { get; } = string.Create(CultureInfo.InvariantCulture, $"ip netns exec {Prefix}-ctl");

    /// <summary>Port of the lab's registry on loopback; no node's.</summary>
    public int RegistryPort => _port + _nodes.Length + 1;

    /// <summary>Starts nodes.</summary>
    /// <param name="folder">For temporary files.</param>
    /// <param name="nodes">Names, and kinds as <c>lab-up.sh</c> has them: containerd, docker, podman (containers-storage), none (sshd alone).</param>
    public static async Task<LabNodes> StartAsync(Folder folder, params (string Name, string Kind)[] nodes)
    {
        var lab = new LabNodes(folder, nodes);
        try
        {
            await Tool.TimeAsync($"{lab.Script("lab-up.sh")} >/dev/null", folder.At());
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }

        return lab;
    }

    /// <summary>The port of a node's sshd on loopback.</summary>
    public int PortOf(string name) => _port + 1 + Array.FindIndex(_nodes, n => n.Name == name);

    /// <summary>The command that runs something on a node over a fresh connection.</summary>
    public string Ssh(string name, string options = "") => $"ssh -F {_state}/ssh_config {options} {name}-lo";

    /// <summary>Shell code that runs a command for each of the nodes side by side and fails when one of them fails.</summary>
    public static string SideBySide(IEnumerable<string> commands) =>
        string.Concat(commands.Select(c => $"{{ {c}; }} & kc_jobs=\"$kc_jobs $!\"; ")) + "for kc_job in $kc_jobs; do wait $kc_job || exit 1; done";

    /// <summary>Runs a command on each of some nodes and waits for all.</summary>
    public Task<double> OnAllAsync(string command, params IEnumerable<string> names) =>
        Tool.TimeAsync(SideBySide((names.Any() ? names : _nodes.Select(n => n.Name)).Select(n => $"{Ssh(n, "-n")} '{command}' >/dev/null")), _folder.At());

    /// <summary>Writes <c>hosts.ini</c> with these nodes in the group k8s_cluster.</summary>
    /// <param name="port">Where a node is reached, when not at its own port.</param>
    /// <param name="names">The nodes; all without them.</param>
    public async Task WriteInventoryAsync(int? port = null, params IEnumerable<string> names)
    {
        var inventory = new StringBuilder("[k8s_cluster]\n");
        foreach (var (name, kind) in _nodes.Where(n => !names.Any() || names.Contains(n.Name)))
        {
            var manager = kind switch { "podman" => "crio", "none" => "directory", _ => kind };
            inventory.Append(CultureInfo.InvariantCulture, $"{name} ansible_host=127.0.0.1 ansible_port={port ?? PortOf(name)} ansible_user=root ansible_ssh_private_key_file={IdentityFile} container_manager={manager}\n");
        }

        await File.WriteAllTextAsync(_folder.At("hosts.ini"), inventory.ToString());
    }

    /// <summary>Writes <c>hosts.ini</c> with all nodes, as the control machine reaches them over their own network.</summary>
    public async Task WriteBridgeInventoryAsync() => await File.WriteAllTextAsync(_folder.At("hosts.ini"), "[k8s_cluster]\n" + string.Concat(_nodes.Select((n, i) =>
        string.Create(CultureInfo.InvariantCulture, $"{n.Name} ansible_host={AddressOf(i)} ansible_user=root ansible_ssh_private_key_file={IdentityFile} container_manager=directory\n"))));

    /// <summary>The command that runs something on a node from the control machine, over their own network.</summary>
    public string BridgeSsh(string name, string options = "") => $"{Control} ssh -F {_state}/ssh_config {options} {name}";

    /// <summary>Limits what the control machine sends to all nodes together (tc, token bucket); nodes send to each other without a limit.</summary>
    public Task<double> LimitUplinkAsync(int megabits) =>
        Tool.TimeAsync($"{Control} tc qdisc add dev kcbr0 root tbf rate {megabits}mbit burst 512kb latency 100ms", _folder.At());

    /// <summary>Bytes that the control machine sent to the nodes so far.</summary>
    public async Task<long> SentAsync()
    {
        await Tool.TimeAsync($"{Control} cat /sys/class/net/kcbr0/statistics/tx_bytes > {_folder.At("tx")}", _folder.At());
        return long.Parse(await File.ReadAllTextAsync(_folder.At("tx")), CultureInfo.InvariantCulture);
    }

    private static string AddressOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{Network}.{11 + index}");

    public async ValueTask DisposeAsync() => await Tool.TimeAsync($"{Script("lab-down.sh")} --purge", _folder.At());

    private string Script(string name)
    {
        var nodes = string.Join(' ', _nodes.Select(n => $"{n.Name}:{n.Kind}"));
        return string.Create(CultureInfo.InvariantCulture, $"KC_LAB={_state} KC_PREFIX={Prefix} KC_NET={Network} KC_NODES='{nodes}' KC_PORT0={_port} KC_REGPORT={RegistryPort} bash {Repository.Root}/tests/lab/{name}");
    }
}
