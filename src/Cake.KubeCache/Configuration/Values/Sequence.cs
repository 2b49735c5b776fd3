using System.Collections;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>A list or tuple of values.</summary>
internal sealed class Sequence : IReadOnlyList<object?>
{
    private readonly List<object?> _items;

    public Sequence(int capacity = 0) => _items = new List<object?>(capacity);

    public Sequence(IEnumerable<object?> items, bool tuple = false)
    {
        _items = [];
        foreach (var item in items)
        {
            Add(item);
        }

        IsTuple = tuple;
    }

    /// <summary>Whether it prints with parentheses.</summary>
    public bool IsTuple { get; }

    /// <summary>Whether a leaf below is still to be evaluated.</summary>
    public bool IsDeferred { get; private set; }

    /// <summary>Whether it belongs to a variable, so that an expression must not change it.</summary>
    public bool IsShared { get; set; }

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public object? this[int index] => _items[index];

    /// <summary>Appends an item.</summary>
    public void Add(object? item)
    {
        _items.Add(item);
        IsDeferred |= Mapping.Defers(item);
    }

    /// <summary>The items, to be changed in place by list methods.</summary>
    public List<object?> Items => _items;

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
