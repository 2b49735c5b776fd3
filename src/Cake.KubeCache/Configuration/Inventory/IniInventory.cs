using System.Text.RegularExpressions;
using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Configuration.Yaml;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>
/// Inventories in Ansible's INI form. Values are Python literals: <c>True</c> is a bool, <c>true</c> a text. Groups may be used
/// before they are defined.
/// </summary>
internal sealed partial class IniInventory
{
    private readonly InputFile _file;
    private readonly InventoryTree _tree;
    private readonly List<Fault> _faults = [];
    private readonly HashSet<string> _declared = ["all", "ungrouped"];
    private readonly List<(string Group, string UsedAs, int Line)> _used = [];

    private IniInventory(InputFile file, InventoryTree tree) => (_file, _tree) = (file, tree);

    /// <summary>Reads a file into the tree.</summary>
    /// <exception cref="KubeCacheException">Lines that mean nothing, groups that nothing defines: all of them.</exception>
    public static void Read(InputFile file, InventoryTree tree)
    {
        var reader = new IniInventory(file, tree);
        reader.Lines();
        if (reader._faults.Count > 0)
        {
            throw new KubeCacheException(ErrorKind.Input, reader._faults);
        }
    }

    [GeneratedRegex(@"^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$")]
    private static partial Regex Section();

    private void Lines()
    {
        var (group, kind) = (_tree.Ungrouped, "hosts");
        var number = 0;
        foreach (var raw in _file.Text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (Section().Match(line) is { Success: true } section)
            {
                kind = section.Groups[2].Success ? section.Groups[2].Value : "hosts";
                group = _tree.Group(section.Groups[1].Value);
                if (kind == "vars")
                {
                    _used.Add((group.Name, "the section of variables", number));
                }
                else if (kind is "hosts" or "children")
                {
                    _declared.Add(group.Name);
                }
                else
                {
                    Wrong(number, $"the section '{line}' is of an unknown kind", kind, "hosts, children or vars");
                }

                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                Wrong(number, "the section's name is malformed", line, "[group], [group:children] or [group:vars] without spaces");
                continue;
            }

            Entry(group, kind, line, number);
        }

        foreach (var (name, usedAs, line) in _used.Where(u => !_declared.Contains(u.Group) && !HasOtherSource(u.Group)))
        {
            Wrong(line, $"{usedAs} is for a group that nothing defines", name, $"a section [{name}]");
        }
    }

    /// <summary>Whether an inventory read before this one knows the group.</summary>
    private bool HasOtherSource(string name) => _tree.Groups[name] is var group && (group.Hosts.Count > 0 || group.Children.Count > 0);

    private void Entry(InventoryGroup group, string kind, string line, int number)
    {
        try
        {
            switch (kind)
            {
                case "hosts":
                    Hosts(group, line, number);
                    break;
                case "vars":
                    var equals = line.IndexOf('=', StringComparison.Ordinal);
                    if (equals < 0)
                    {
                        throw new FormatException("a variable is not defined as name=value");
                    }

                    group.Variables[line[..equals].Trim()] = new Variable(Value(line[(equals + 1)..].Trim(), number), _file.At(number));
                    break;
                case "children":
                    var child = line.Split(['#', ';'], 2)[0].Trim();
                    if (child.Any(c => char.IsWhiteSpace(c) || c is ':' or '[' or ']'))
                    {
                        throw new FormatException("this is no group's name");
                    }

                    _used.Add((child, $"the entry in [{group.Name}:children]", number));
                    group.Add(_tree.Group(child));
                    break;
            }
        }
        catch (FormatException exception)
        {
            Wrong(number, exception.Message, line, null);
        }
    }

    private void Hosts(InventoryGroup group, string line, int number)
    {
        var words = ShellWords.Split(line);
        if (words.Count == 0)
        {
            return;
        }

        var variables = new List<KeyValuePair<string, Variable>>();
        foreach (var word in words.Skip(1))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            variables.Add(equals > 0
                ? new(word[..equals], new Variable(Value(word[(equals + 1)..], number), _file.At(number)))
                : throw new FormatException($"'{word}' after a host is no name=value"));
        }

        HostEntry.Add(_tree, group, words[0], new HostEntry(variables, _file.At(number)));
    }

    private object? Value(string text, int line) =>
        Templated(PythonLiteral.TryParse(text, json: false, out var literal) ? literal : text, _file.At(line));

    private static object? Templated(object? value, SourcePosition where) => value switch
    {
        string text => TemplateText.Of(text, where),
        Sequence sequence => new Sequence(sequence.Select(i => Templated(i, where)), sequence.IsTuple) { IsShared = true },
        Mapping mapping => new Mapping(mapping.Select(e => new KeyValuePair<object, object?>(e.Key, Templated(e.Value, where)))) { IsShared = true },
        _ => value,
    };

    private void Wrong(int line, string what, string got, string? expected) => _faults.Add(new Fault(what) { Where = _file.At(line), Got = got, Expected = expected });
}
