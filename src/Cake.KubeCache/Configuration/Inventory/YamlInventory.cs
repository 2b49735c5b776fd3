using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Configuration.Yaml;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>Inventories in Ansible's YAML form, which JSON files have as well.</summary>
internal sealed class YamlInventory
{
    private readonly InputFile _file;
    private readonly InventoryTree _tree;
    private readonly ICollection<Fault> _warnings;
    private readonly List<Fault> _faults = [];
    private int _depth;

    private YamlInventory(InputFile file, InventoryTree tree, ICollection<Fault> warnings) => (_file, _tree, _warnings) = (file, tree, warnings);

    /// <summary>Reads a file's content into the tree.</summary>
    /// <exception cref="KubeCacheException">It has not the form of an inventory: all faults.</exception>
    public static void Read(InputFile file, Mapping content, InventoryTree tree, ICollection<Fault> warnings)
    {
        var reader = new YamlInventory(file, tree, warnings);
        foreach (var (name, body) in content)
        {
            reader.Group(PythonText.Str(name), body, content.LineOf(name));
        }

        if (reader._faults.Count > 0)
        {
            throw new KubeCacheException(ErrorKind.Input, reader._faults);
        }
    }

    private InventoryGroup? Group(string name, object? body, int line)
    {
        if (body is not (null or Mapping))
        {
            Wrong(line, $"the group '{name}' is malformed", body, "a mapping with hosts, children and vars");
            return null;
        }

        if (_depth > 100)
        {
            Wrong(line, $"the group '{name}' is nested too deeply", body, "at most 100 levels of children");
            return null;
        }

        var group = _tree.Group(name);
        _depth++;
        foreach (var (key, section) in body as Mapping ?? [])
        {
            var at = ((Mapping)body!).LineOf(key);
            switch (PythonText.Str(key))
            {
                case "vars":
                    foreach (var (variable, value) in Section(group, key, section, at))
                    {
                        group.Variables[PythonText.Str(variable)] = new Variable(value, _file.At(((Mapping)section!).LineOf(variable)));
                    }

                    break;
                case "children":
                    foreach (var (child, childBody) in Section(group, key, section, at))
                    {
                        if (Group(PythonText.Str(child), childBody, (section as Mapping)?.LineOf(child) ?? at) is { } added)
                        {
                            group.Add(added);
                        }
                    }

                    break;
                case "hosts":
                    foreach (var (pattern, variables) in Section(group, key, section, at))
                    {
                        Hosts(group, pattern, variables, (section as Mapping)?.LineOf(pattern) ?? at);
                    }

                    break;
                default:
                    _warnings.Add(new Fault($"'{PythonText.Str(key)}' in the group '{name}' means nothing and is skipped") { Where = _file.At(at), Expected = "hosts, children or vars" });
                    break;
            }
        }

        _depth--;
        return group;
    }

    private Mapping Section(InventoryGroup group, object key, object? section, int line)
    {
        switch (section)
        {
            case null:
                return [];
            case Mapping mapping:
                return mapping;
            case string one:
                return new Mapping { [one] = null };
            case Sequence list when list.All(i => i is string):
                _warnings.Add(new Fault($"'{PythonText.Str(key)}' of the group '{group.Name}' is a list; its items are taken as names") { Where = _file.At(line) });
                return new Mapping(list.Select(i => new KeyValuePair<object, object?>(i!, null)));
            default:
                Wrong(line, $"'{PythonText.Str(key)}' of the group '{group.Name}' is malformed", section, "a mapping of names");
                return [];
        }
    }

    private void Hosts(InventoryGroup group, object pattern, object? variables, int line)
    {
        if (pattern is not string || variables is not (null or Mapping))
        {
            Wrong(line, $"a host of the group '{group.Name}' is malformed", pattern is string ? variables : pattern, "a name, and a mapping of variables or nothing");
            return;
        }

        var entry = new HostEntry(
            (variables as Mapping ?? []).Select(v => new KeyValuePair<string, Variable>(PythonText.Str(v.Key), new Variable(v.Value, _file.At(((Mapping)variables!).LineOf(v.Key))))).ToList(),
            _file.At(line));
        try
        {
            HostEntry.Add(_tree, group, (string)pattern, entry);
        }
        catch (FormatException exception)
        {
            _faults.Add(new Fault(exception.Message) { Where = _file.At(line), Got = (string)pattern });
        }
    }

    private void Wrong(int line, string what, object? got, string expected) =>
        _faults.Add(new Fault(what) { Where = _file.At(line), Got = PythonText.Describe(got), Expected = expected });
}
