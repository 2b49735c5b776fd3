using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Vault;
using Cake.KubeCache.Configuration.Yaml;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>Reads inventory sources of every form: INI, YAML, JSON, executables, and folders of them.</summary>
internal sealed class InventoryReader(VaultSecrets vault, ICollection<Fault> warnings, ICollection<Fault> faults)
{
    private static readonly string[] IgnoredExtensions = [".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg", ".retry"];

    /// <summary>Reads all sources into one tree; what is wrong in one does not hide what is wrong in the next.</summary>
    public InventoryTree Read(IReadOnlyList<string> sources)
    {
        var tree = new InventoryTree();
        foreach (var source in sources)
        {
            Guarded(() => Source(source, tree));
        }

        Guarded(() => tree.Complete(warnings));
        return tree;
    }

    private void Guarded(Action read)
    {
        try
        {
            read();
        }
        catch (KubeCacheException exception) when (exception.Kind == ErrorKind.Input)
        {
            foreach (var fault in exception.Faults)
            {
                faults.Add(fault);
            }
        }
    }

    private void Source(string path, InventoryTree tree)
    {
        if (Directory.Exists(path))
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(path).OrderBy(Path.GetFileName, StringComparer.Ordinal).Where(IsInventory))
            {
                Guarded(() => Source(entry, tree));
            }
        }
        else if (File.Exists(path))
        {
            OneFile(path, tree);
        }
        else
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("the inventory does not exist") { Got = path, Expected = "an inventory file or a folder of them", Hint = "give --inventory=PATH" });
        }
    }

    private static bool IsInventory(string path)
    {
        var name = Path.GetFileName(path);
        return !name.StartsWith('.') && !name.EndsWith(".lock.yml", StringComparison.Ordinal) && name is not ("group_vars" or "host_vars" or "vars_plugins" or "artifacts" or "credentials" or "patches") &&
            !IgnoredExtensions.Any(e => name.EndsWith(e, StringComparison.Ordinal));
    }

    private void OneFile(string path, InventoryTree tree)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension is not (".yml" or ".yaml" or ".json" or ".ini") && IsExecutable(path))
        {
            new DynamicInventory(path, tree, warnings).Read();
            return;
        }

        var file = InputFile.Read(path);
        if (VaultEnvelope.Begins(file.Text))
        {
            file = file with { Text = vault.Decrypt(file.Text, file.At(1)) };
        }

        if (extension is not (".yml" or ".yaml" or ".json") && !LooksLikeYaml(file.Text))
        {
            IniInventory.Read(file, tree);
            return;
        }

        var content = YamlReader.Read(file, warnings);
        if (content is not Mapping groups)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("the file is no inventory") { Where = file.At(1), Got = content is null ? "nothing" : PythonText.Describe(content), Expected = "a mapping of groups" });
        }

        if (groups.Contains("plugin"))
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("inventory plugins are not supported")
            {
                Where = file.At(groups.LineOf("plugin")),
                Hint = "write what it finds to a file: ansible-inventory --list --yaml --output hosts.yml",
            });
        }

        YamlInventory.Read(file, groups, tree, warnings);
    }

    /// <summary>Files without a telling extension: YAML begins with <c>---</c> or with a name and a colon, INI with a section or a host.</summary>
    private static bool LooksLikeYaml(string text)
    {
        var first = text.Split('\n').Select(l => l.TrimEnd()).FirstOrDefault(l => l.Length > 0 && l[0] is not ('#' or ';'));
        return first is not null && (first == "---" || first[0] == '{' || (first[0] != '[' && first.EndsWith(':')));
    }

    private static bool IsExecutable(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0 && File.ReadLines(path).FirstOrDefault()?.StartsWith("#!", StringComparison.Ordinal) == true;
}
