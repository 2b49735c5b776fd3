using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters over paths, as <c>os.path</c> on the nodes has them.</summary>
internal static class PathFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("basename", c => c.InputText[(c.InputText.LastIndexOf('/') + 1)..]),
        new("dirname", c => Directory(c.InputText)),
        new("splitext", c => SplitExtension(c.InputText)),
        new("path_join", c => c.Input is string one ? one : c.Items.Select(PythonText.Str).Aggregate("", Join)),
        new("expanduser", c => c.InputText is ['~', ..] path && (path.Length == 1 || path[1] == '/') ? c.Scope.EnvironmentVariable("HOME") + path[1..] : c.InputText),
    ];

    private static string Directory(string path)
    {
        var head = path[..(path.LastIndexOf('/') + 1)];
        return head.Trim('/').Length == 0 ? head : head.TrimEnd('/');
    }

    private static Sequence SplitExtension(string path)
    {
        var name = path.LastIndexOf('/') + 1;
        var dot = path.LastIndexOf('.');
        var split = dot > name && path.AsSpan(name, dot - name).ContainsAnyExcept('.') ? dot : path.Length;
        return new Sequence([path[..split], path[split..]], tuple: true);
    }

    private static string Join(string left, string right) => right.StartsWith('/') || left.Length == 0 ? right : left.EndsWith('/') ? left + right : left + "/" + right;
}
