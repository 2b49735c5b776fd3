using System.Collections.Frozen;
using Cake.KubeCache.Configuration.Templates.Filters;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>All filters by name.</summary>
internal static class FilterTable
{
    private static readonly FrozenDictionary<string, FilterFunction> Known =
        TextFilters.All.Concat(NumberFilters.All).Concat(ListFilters.All).Concat(SelectionFilters.All).Concat(MappingFilters.All)
            .Concat(PathFilters.All).Concat(EncodingFilters.All).Concat(RegexFilters.All).Concat(NetworkFilters.All).Concat(ValueFilters.All)
            .ToFrozenDictionary(f => f.Name, f => f.Function, StringComparer.Ordinal);

    /// <summary>A filter, with or without the name of the collection that has it; null when there is none.</summary>
    public static FilterFunction? Find(string name) => Known.GetValueOrDefault(Qualified.Plain(name));

    /// <summary>Whether a filter deals with undefined values itself.</summary>
    public static bool AcceptsUndefined(string name) => Qualified.Plain(name) is "default" or "d" or "mandatory" or "type_debug";

    /// <summary>Whether what a filter makes stays a text, even where it reads like a list or a bool.</summary>
    public static bool MakesText(string name) => Qualified.Plain(name) is "string" or "to_json";

    /// <summary>A hint that names the filter that was perhaps meant.</summary>
    public static string? Nearest(string name) => Qualified.Nearest(Qualified.Plain(name), Known.Keys);
}
