namespace Cake.KubeCache.Configuration.Values;

/// <summary>Something that expressions index like a mapping, whose entries are computed when asked for (<c>hostvars</c>, <c>vars</c>).</summary>
internal interface IIndexed
{
    /// <summary>Keys in order.</summary>
    IEnumerable<object?> Keys { get; }

    /// <summary>Whether the key is there, without computing its value.</summary>
    bool Contains(object? key);

    /// <summary>The value of a key; false when the key is not there.</summary>
    bool TryIndex(object? key, out object? value);
}
