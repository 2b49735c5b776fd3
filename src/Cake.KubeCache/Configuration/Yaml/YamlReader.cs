using System.Globalization;
using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Vault;
using Cake.KubeCache.Model;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cake.KubeCache.Configuration.Yaml;

/// <summary>
/// YAML 1.1 (and JSON) as values: texts with templates in them become <see cref="TemplateText"/> with their place, <c>!vault</c>
/// becomes <see cref="VaultText"/>, <c>!unsafe</c> a text that is no template. An alias shares its anchor's value, so that a small
/// file stays small in memory; a file that would be huge written out is refused.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>How many values a document may come to with every alias written out; a long text counts as several.</summary>
    public const long MaximumExpandedValues = 10_000_000;

    // A short list of aliases of one long text is as large, written out, as a long list of aliases of a short one.
    private const int CharactersOfOneValue = 64;

    private const int MaximumDepth = 1_000;

    private readonly InputFile _file;
    private readonly ICollection<Fault> _warnings;
    private readonly Parser _parser;
    private readonly bool _plain;
    private int _depth;
    private readonly Dictionary<string, (object? Value, long Weight)> _anchors = [];

    private YamlReader(InputFile file, ICollection<Fault> warnings, TextReader text, bool plain)
    {
        (_file, _warnings, _plain) = (file, warnings, plain);
        _parser = new Parser(new Scanner(text, skipComments: true));
    }

    /// <summary>Reads the file's only document; null for an empty one.</summary>
    /// <exception cref="KubeCacheException">Not valid YAML, with the place.</exception>
    public static object? Read(InputFile file, ICollection<Fault> warnings) => Read(file, warnings, plain: false);

    /// <summary>Reads a text that a template made: nothing in it is a template.</summary>
    /// <exception cref="KubeCacheException">Not valid YAML.</exception>
    public static object? ReadPlain(string text) => Read(new InputFile("text", text), [], plain: true);

    private static object? Read(InputFile file, ICollection<Fault> warnings, bool plain)
    {
        using var text = new StringReader(file.Text);
        var reader = new YamlReader(file, warnings, text, plain);
        try
        {
            return reader.Document();
        }
        catch (YamlException exception)
        {
            throw new KubeCacheException(
                ErrorKind.Input,
                new Fault("not valid YAML") { Where = file.At((int)exception.Start.Line, (int)exception.Start.Column), Got = Describe(exception) },
                exception);
        }
        catch (InvalidOperationException exception)
        {
            // What the parser throws in the middle of some malformed plain scalars; it has no place of its own then.
            throw new KubeCacheException(ErrorKind.Input, new Fault("not valid YAML") { Where = file.At(reader.Line), Got = "something that ends no value, near the line given" }, exception);
        }
    }

    private int Line => (int)(_parser.Current?.Start.Line ?? 0);

    private static string Describe(YamlException exception) => exception.InnerException?.Message is { } inner ? $"{exception.Message} ({inner})" : exception.Message;

    private object? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var (value, _) = Value();
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            throw Wrong(Line, "the file holds more than one YAML document");
        }

        return value;
    }

    private (object? Value, long Weight) Value()
    {
        var line = Line;
        if (_depth > MaximumDepth)
        {
            throw Wrong(line, "the YAML is nested too deeply");
        }

        _depth++;
        var value = Node(line);
        _depth--;
        return value;
    }

    private (object? Value, long Weight) Node(int line)
    {
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                _parser.MoveNext();
                return _anchors.TryGetValue(alias.Value.Value, out var anchored)
                    ? anchored
                    : throw Wrong(line, $"the alias *{alias.Value.Value} has no anchor before it");
            case Scalar scalar:
                _parser.MoveNext();
                return Anchored(scalar, (Leaf(scalar, line), 1 + (scalar.Value.Length / CharactersOfOneValue)));
            case SequenceStart start:
                _parser.MoveNext();
                return Anchored(start, Items());
            case MappingStart start:
                _parser.MoveNext();
                return Anchored(start, Entries());
            default:
                throw Wrong(line, "a value is missing");
        }
    }

    private (object? Value, long Weight) Items()
    {
        var sequence = new Sequence { IsShared = true };
        var weight = 1L;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var (item, itemWeight) = Value();
            sequence.Add(item);
            weight = Grown(weight, itemWeight);
        }

        return (sequence, weight);
    }

    private (object? Value, long Weight) Entries()
    {
        var mapping = new Mapping { IsShared = true };
        List<Mapping>? merged = null;
        var weight = 1L;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var line = Line;
            var isMerge = _parser.Current is Scalar { Value: "<<", IsPlainImplicit: true };
            var (key, keyWeight) = Value();
            var (value, valueWeight) = Value();
            weight = Grown(weight, keyWeight - 1 + valueWeight);
            if (isMerge)
            {
                (merged ??= []).AddRange(Merged(value, line));
                continue;
            }

            key = key is TemplateText template ? template.Text : key ?? "";
            if (mapping.Contains(key))
            {
                _warnings.Add(new Fault($"the key '{PythonText.Str(key)}' stands twice in one mapping; the last one counts") { Where = _file.At(line) });
            }

            mapping.SetAt(key, value, line);
        }

        return (merged is null ? mapping : Join(merged, mapping), weight);
    }

    private IEnumerable<Mapping> Merged(object? value, int line) => value switch
    {
        Mapping mapping => [mapping],
        Sequence sequence when sequence.All(s => s is Mapping) => sequence.Cast<Mapping>(),
        _ => throw Wrong(line, "'<<' needs a mapping or a list of mappings"),
    };

    /// <summary>Merge keys (yaml.org/type/merge.html): own keys win, then the first merged mapping that has a key.</summary>
    private static Mapping Join(List<Mapping> merged, Mapping own)
    {
        var result = new Mapping { IsShared = true };
        foreach (var source in Enumerable.Reverse(merged).Append(own))
        {
            foreach (var (key, value) in source)
            {
                result.SetAt(key, value, source.LineOf(key));
            }
        }

        return result;
    }

    private object? Leaf(Scalar scalar, int line)
    {
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        switch (tag)
        {
            case "":
                return scalar.Style == ScalarStyle.Plain ? Text(YamlScalar.Resolve(scalar.Value), scalar, line) : Text(scalar.Value, scalar, line);
            case "!":
            case "tag:yaml.org,2002:str":
                return Text(scalar.Value, scalar, line);
            case "!unsafe":
                return scalar.Value;
            case "!vault":
            case "!vault-encrypted":
                return new VaultText(scalar.Value, _file.At(line));
            case "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null":
                var value = YamlScalar.Resolve(scalar.Value);
                return tag == "tag:yaml.org,2002:float" && value is long number ? (double)number : value;
            default:
                throw Wrong(line, $"the tag '{tag}' is not known");
        }
    }

    private object? Text(object? value, Scalar scalar, int line)
    {
        if (_plain || value is not string text || !TemplateText.Looks(text))
        {
            return value;
        }

        var block = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        var column = (int)scalar.Start.Column + (scalar.Style == ScalarStyle.Plain ? 0 : 1);
        return new TemplateText(text, block ? _file.At(line + 1) : _file.At(line, column));
    }

    private (object? Value, long Weight) Anchored(NodeEvent node, (object? Value, long Weight) value)
    {
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor.Value] = value;
        }

        return value;
    }

    private long Grown(long weight, long by) => weight + by <= MaximumExpandedValues
        ? weight + by
        : throw new KubeCacheException(
            ErrorKind.Input,
            new Fault("the YAML is too large with its aliases written out")
            {
                Where = _file.At(Line),
                Expected = string.Create(CultureInfo.InvariantCulture, $"at most {MaximumExpandedValues:N0} values"),
                Hint = "an alias of an alias of a list multiplies",
            });

    private KubeCacheException Wrong(int line, string what) => new(ErrorKind.Input, new Fault(what) { Where = _file.At(line) });
}
