namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Names that a template itself sets, in the block they are visible in.</summary>
internal sealed class Frame(Frame? outer)
{
    private Dictionary<string, object?>? _names;

    /// <summary>Sets a name in this block.</summary>
    public void Set(string name, object? value) => (_names ??= new(StringComparer.Ordinal))[name] = value;

    /// <summary>Sets a name in the outermost block.</summary>
    public void SetOutermost(string name, object? value)
    {
        var frame = this;
        while (frame.Outer is not null)
        {
            frame = frame.Outer;
        }

        frame.Set(name, value);
    }

    /// <summary>Looks a name up, from the innermost block outwards.</summary>
    public bool TryGet(string name, out object? value)
    {
        for (var frame = this; frame is not null; frame = frame.Outer)
        {
            if (frame._names is not null && frame._names.TryGetValue(name, out value))
            {
                return true;
            }
        }

        value = null;
        return false;
    }

    private Frame? Outer { get; } = outer;
}
