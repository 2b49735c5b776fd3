using Cake.KubeCache.Configuration.Inventory;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>How a host is reached, from Ansible's connection variables, and what runs its containers.</summary>
internal static class NodeReader
{
    private static readonly string[] ArgumentVariables = ["ansible_ssh_common_args", "ansible_ssh_extra_args"];

    private const string K3sImages = "/var/lib/rancher/k3s/agent/images";

    /// <summary>The node of a host; what is wrong with its variables is among their faults.</summary>
    /// <param name="variables">The host's variables.</param>
    /// <param name="source">The inventory file that names the host.</param>
    /// <param name="bastion">Variables of the inventory's <c>bastion</c> host, or null.</param>
    public static Node Read(TypedVariables variables, string source, TypedVariables? bastion)
    {
        var connection = Connection(variables, bastion);
        return new Node
        {
            Name = variables.Scope.Host,
            Connection = connection,
            Privilege = Privilege(variables),
            Runtime = Runtime(variables),
            ReleaseDirectory = variables.Text("local_release_dir") ?? "/tmp/releases",
            Root = connection is LocalConnection && variables.Text("kubecache_root") is { } root
                ? Path.GetFullPath(root, Path.GetDirectoryName(Path.GetFullPath(source)) ?? Directory.GetCurrentDirectory())
                : null,
        };
    }

    private static NodeConnection Connection(TypedVariables variables, TypedVariables? bastion)
    {
        var kind = variables.Text("ansible_connection") ?? "ssh";
        switch (kind)
        {
            case "local":
                return new LocalConnection();
            case "ssh" or "smart" or "paramiko" or "paramiko_ssh" or "openssh":
                return Ssh(variables, bastion);
            default:
                variables.Faults.Add(new Fault($"'ansible_connection' of {variables.Scope.Host} is not supported") { Got = kind, Expected = "ssh or local" });
                return new LocalConnection();
        }
    }

    private static SshConnection Ssh(TypedVariables variables, TypedVariables? bastion)
    {
        var host = variables.FirstText("ansible_host", "ansible_ssh_host") ?? variables.Scope.Host;
        var port = variables.FirstText("ansible_port", "ansible_ssh_port") is not null ? Port(variables) : (int?)null;
        if (port is null && host.Count(c => c == ':') == 1)
        {
            try
            {
                // Not Ansible's form, but nothing else can be meant.
                var address = HostAddress.Parse(host);
                (host, port) = (address.Name, (int?)address.Port);
            }
            catch (FormatException exception)
            {
                variables.Faults.Add(new Fault($"'ansible_host' of {variables.Scope.Host} is malformed") { Got = exception.Message });
            }
        }

        var arguments = string.Join(' ', ArgumentVariables.Select(variables.Text).OfType<string>().Select(a => a.Trim())).Trim();
        return new SshConnection
        {
            Host = host.Trim('[', ']'),
            Port = port,
            User = variables.FirstText("ansible_user", "ansible_ssh_user"),
            Password = Secret.From(variables.FirstText("ansible_password", "ansible_ssh_pass", "ansible_ssh_password")),
            PrivateKeyFile = KeyFile(variables),
            PrivateKeyPassphrase = Secret.From(variables.FirstText("ansible_ssh_private_key_passphrase", "ansible_private_key_passphrase")),
            Arguments = arguments.Length == 0 ? null : arguments,
            Bastion = bastion is null || variables.Scope.Host == bastion.Scope.Host ? null : Ssh(bastion, null),
            CheckHostKey = variables.Flag("ansible_ssh_host_key_checking", variables.Flag("ansible_host_key_checking", true)),
        };
    }

    private static string? KeyFile(TypedVariables variables) =>
        variables.FirstText("ansible_ssh_private_key_file", "ansible_private_key_file") is not { } path ? null
        : path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? variables.Scope.EnvironmentVariable("HOME") + path[1..]
        : path;

    private static int? Port(TypedVariables variables)
    {
        var name = variables.Text("ansible_port") is null ? "ansible_ssh_port" : "ansible_port";
        var port = variables.Number(name, 22);
        if (port is > 0 and < 65536)
        {
            return port;
        }

        variables.Faults.Add(new Fault($"'{name}' of {variables.Scope.Host} is no port") { Got = PythonText.Str((long)port), Expected = "1 to 65535" });
        return null;
    }

    private static Privilege Privilege(TypedVariables variables)
    {
        var method = variables.Text("ansible_become_method") ?? "sudo";
        var become = variables.Flag("ansible_become", false);
        if (become && method != "sudo")
        {
            variables.Faults.Add(new Fault($"'ansible_become_method' of {variables.Scope.Host} is not supported") { Got = method, Expected = "sudo" });
        }

        return new Privilege(
            become,
            variables.FirstText("ansible_become_user", "ansible_sudo_user") ?? "root",
            Secret.From(variables.FirstText("ansible_become_password", "ansible_become_pass", "ansible_sudo_pass")));
    }

    private static ContainerRuntime Runtime(TypedVariables variables)
    {
        var manager = variables.Text("container_manager") ?? "containerd";
        switch (manager)
        {
            case "containerd":
                return variables.Text("containerd_socket") is { } socket ? new ContainerRuntime.Containerd(socket) : new ContainerRuntime.Containerd();
            case "docker":
                return new ContainerRuntime.Docker();
            case "crio" or "cri-o" or "podman":
                return new ContainerRuntime.ContainersStorage();
            case "directory":
                return new ContainerRuntime.Directory(variables.Text("kubecache_image_dir") ?? K3sImages);
            case "none":
                return new ContainerRuntime.None();
            default:
                variables.Faults.Add(new Fault($"'container_manager' of {variables.Scope.Host} is not known") { Got = manager, Expected = "containerd, docker, crio, podman, directory or none" });
                return new ContainerRuntime.None();
        }
    }
}
