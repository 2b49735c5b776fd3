using System.ComponentModel;
using System.Diagnostics;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Configuration.Yaml;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>
/// Executable inventories: <c>script --list</c> prints JSON with a key for each group, and <c>_meta.hostvars</c>; without the latter,
/// <c>script --host NAME</c> is asked for each host (Ansible developer guide, "Developing dynamic inventory", inventory scripts).
/// </summary>
internal sealed class DynamicInventory(string path, InventoryTree tree, ICollection<Fault> warnings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs the script and reads what it prints.</summary>
    /// <exception cref="KubeCacheException">It fails, takes longer than two minutes, or prints something else.</exception>
    public void Read()
    {
        var (content, file) = Run("--list");
        Mapping? variablesOfHosts = null;
        foreach (var (name, body) in content)
        {
            if (name is "_meta")
            {
                variablesOfHosts = body is Mapping meta && meta.TryGet("hostvars", out var hostvars) ? hostvars as Mapping ?? [] : null;
            }
            else
            {
                Group(tree.Group(PythonText.Str(name)), body, file);
            }
        }

        foreach (var host in tree.Hosts.Where(h => h.Source == path))
        {
            var variables = variablesOfHosts is null ? Run("--host", host.Name).Content : variablesOfHosts.TryGet(host.Name, out var known) ? known as Mapping : null;
            Variables(host.Variables, variables, file);
        }
    }

    private void Group(InventoryGroup group, object? body, InputFile file)
    {
        switch (body)
        {
            case Sequence hosts:
                Hosts(group, hosts);
                break;
            case Mapping mapping:
                Hosts(group, mapping.TryGet("hosts", out var listed) ? listed as Sequence : null);
                Variables(group.Variables, mapping.TryGet("vars", out var variables) ? variables as Mapping : null, file);
                foreach (var child in mapping.TryGet("children", out var children) ? children as Sequence ?? [] : [])
                {
                    group.Add(tree.Group(PythonText.Str(child)));
                }

                break;
            default:
                throw Wrong($"the group '{group.Name}' is malformed", PythonText.Describe(body), "a list of hosts, or a mapping with hosts, children and vars", null);
        }
    }

    private void Hosts(InventoryGroup group, Sequence? hosts)
    {
        foreach (var host in hosts ?? [])
        {
            group.Add(tree.Host(PythonText.Str(host), path));
        }
    }

    private static void Variables(Dictionary<string, Variable> target, Mapping? variables, InputFile file) => VariableFile.AddTo(target, variables, file);

    private (Mapping Content, InputFile File) Run(params string[] arguments)
    {
        var command = string.Join(' ', arguments.Prepend(path));
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Path.GetFullPath(path), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                throw Wrong("the inventory script does not end", "no end after two minutes", "JSON", null);
            }

            if (process.ExitCode != 0)
            {
                throw Wrong("the inventory script failed", $"exit code {process.ExitCode}: {errors.GetAwaiter().GetResult().Trim()}", "exit code 0", null);
            }

            var file = new InputFile(command, output.GetAwaiter().GetResult());
            return YamlReader.Read(file, warnings) is Mapping content ? (content, file) : throw Wrong("the inventory script prints no JSON object", file.Text.Length == 0 ? "nothing" : "something else", "a JSON object", null);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw Wrong("the inventory script cannot be run", exception.Message, "an executable file", exception);
        }
    }

    private KubeCacheException Wrong(string what, string got, string expected, Exception? inner) =>
        new(ErrorKind.Input, new Fault(what) { Where = new SourcePosition(path), Got = got, Expected = expected }, inner);
}
