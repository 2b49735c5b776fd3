using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>The <c>loop</c> of a for block.</summary>
internal static class LoopVariable
{
    /// <summary>What <c>loop</c> holds in one turn.</summary>
    public static Mapping At(List<object?> items, int index)
    {
        var loop = new Mapping
        {
            ["index"] = (long)index + 1,
            ["index0"] = (long)index,
            ["revindex"] = (long)items.Count - index,
            ["revindex0"] = (long)items.Count - index - 1,
            ["first"] = index == 0,
            ["last"] = index == items.Count - 1,
            ["length"] = (long)items.Count,
            ["depth"] = 1L,
            ["depth0"] = 0L,
        };
        if (index > 0)
        {
            loop["previtem"] = items[index - 1];
        }

        if (index < items.Count - 1)
        {
            loop["nextitem"] = items[index + 1];
        }

        return loop;
    }
}
