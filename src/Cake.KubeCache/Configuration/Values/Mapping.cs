using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>
/// A mapping that keeps the order of its keys. Keys compare as Python's do (<c>1</c>, <c>1.0</c> and <c>True</c> are one key).
/// </summary>
internal sealed class Mapping : IEnumerable<KeyValuePair<object, object?>>, IIndexed
{
    private readonly List<KeyValuePair<object, object?>> _entries = [];
    private readonly Dictionary<object, int> _index = new(PythonEquality.Instance);
    private List<int>? _lines;

    public Mapping()
    {
    }

    public Mapping(IEnumerable<KeyValuePair<object, object?>> entries)
    {
        foreach (var (key, value) in entries)
        {
            this[key] = value;
        }
    }

    /// <summary>Whether a leaf below is still to be evaluated.</summary>
    public bool IsDeferred { get; private set; }

    /// <summary>Whether it belongs to a variable, so that an expression must not change it.</summary>
    public bool IsShared { get; set; }

    public int Count => _entries.Count;

    public IReadOnlyList<KeyValuePair<object, object?>> Entries => _entries;

    IEnumerable<object?> IIndexed.Keys => _entries.Select(e => (object?)e.Key);

    /// <summary>Sets a key; a key that exists keeps its place.</summary>
    public object? this[object key]
    {
        set
        {
            IsDeferred |= Defers(value);
            if (_index.TryGetValue(key, out var at))
            {
                _entries[at] = new(_entries[at].Key, value);
                return;
            }

            _index.Add(key, _entries.Count);
            _entries.Add(new(key, value));
        }
    }

    /// <summary>Sets a key that stands on a line of a file.</summary>
    public void SetAt(object key, object? value, int line)
    {
        this[key] = value;
        _lines ??= [];
        var at = _index[key];
        while (_lines.Count <= at)
        {
            _lines.Add(0);
        }

        _lines[at] = line;
    }

    /// <summary>The line a key stands on, or 0 when it was not read from a file.</summary>
    public int LineOf(object key) => _lines is not null && _index.TryGetValue(key, out var at) && at < _lines.Count ? _lines[at] : 0;

    /// <summary>Whether a value has a leaf that is still to be evaluated.</summary>
    public static bool Defers(object? value) => value switch
    {
        IDeferred => true,
        Mapping mapping => mapping.IsDeferred,
        Sequence sequence => sequence.IsDeferred,
        _ => false,
    };

    /// <summary>The value of a key.</summary>
    public bool TryGet(object key, [MaybeNullWhen(false)] out object? value)
    {
        if (_index.TryGetValue(key, out var at))
        {
            value = _entries[at].Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>Whether a key is there.</summary>
    public bool Contains(object? key) => key is not null && _index.ContainsKey(key);

    public bool TryIndex(object? key, out object? value)
    {
        value = null;
        return key is not null && TryGet(key, out value);
    }

    /// <summary>Takes a key out.</summary>
    public void Remove(object key)
    {
        if (_index.Remove(key, out var at))
        {
            _entries.RemoveAt(at);
            _lines = null;
            for (var i = at; i < _entries.Count; i++)
            {
                _index[_entries[i].Key] = i;
            }
        }
    }

    public IEnumerator<KeyValuePair<object, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
