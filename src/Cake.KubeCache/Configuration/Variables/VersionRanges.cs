using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;
using NuGet.Versioning;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>
/// Ranges where a version is expected: a variable whose name ends in <c>_version</c> and whose value is a floating version (<c>1.35.*</c>) or an
/// interval (<c>[1.34,1.36)</c>), in NuGet's syntax, becomes the highest version in it that the catalogue has a checksum for.
/// </summary>
internal sealed class VersionRanges(VariableStore store)
{
    private Dictionary<string, IReadOnlyList<ChecksumTable>>? _tables;

    private readonly HashSet<ResolvedRange> _resolved = [];

    /// <summary>What ranges were resolved to so far.</summary>
    public IReadOnlyCollection<ResolvedRange> Resolved => _resolved;

    /// <summary>The value itself, or the version that a range resolves to.</summary>
    /// <exception cref="EvaluationException">Nothing is in the range; the message lists what there is.</exception>
    public object? Resolve(string name, object? value, IScope scope)
    {
        if (value is not string text || !name.EndsWith("_version", StringComparison.Ordinal) || !LooksLikeRange(text))
        {
            return value;
        }

        var known = Versions(name, scope);
        var range = Parse(name, text);
        var best = known.Where(k => Contains(range, k.Version)).OrderBy(k => k.Version).LastOrDefault();
        if (store.LockedVersions.TryGetValue(name, out var locked) && known.FirstOrDefault(k => k.Key == locked) is { Key: not null } kept && Contains(range, kept.Version))
        {
            best = kept;
        }

        if (best.Key is not null)
        {
            _resolved.Add(new ResolvedRange(name, text, best.Key));
        }

        return best.Key ?? throw new EvaluationException(EvaluationFailure.Invalid, new Fault($"no version that '{name}' could be is in its range")
        {
            Got = text,
            Expected = known.Count == 0 ? "a version; the catalogue has no table of checksums to choose from" : "one of " + string.Join(", ", known.OrderByDescending(k => k.Version).Select(k => k.Key)),
        });
    }

    // A floating range has no upper bound of its own: 1.35.* only prefers 1.35, and 1.36 would satisfy it as a range.
    private static bool Contains(VersionRange range, NuGetVersion version) => range.IsFloating ? range.Float!.Satisfies(version) : range.Satisfies(version);

    private static bool LooksLikeRange(string text) =>
        text.Length > 1 && (text.EndsWith('*') || (text[0] is '[' or '(' && text[^1] is ']' or ')')) && text.Any(c => char.IsAsciiDigit(c) || c == '*') && text.All(c => char.IsAsciiLetterOrDigit(c) || ".*-+[](), v".Contains(c, StringComparison.Ordinal));

    private static VersionRange Parse(string name, string text)
    {
        var plain = text.Replace("v", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        if (!VersionRange.TryParse(plain, allowFloating: true, out var range))
        {
            throw new EvaluationException(EvaluationFailure.Invalid, new Fault($"'{name}' is no range of versions") { Got = text, Expected = "such as 1.35.* or [1.34,1.36)" });
        }

        return range;
    }

    private List<(string Key, NuGetVersion Version)> Versions(string name, IScope scope)
    {
        _tables ??= ChecksumTables.Find(store);
        var result = new Dictionary<string, NuGetVersion>(StringComparer.Ordinal);
        foreach (var table in _tables.GetValueOrDefault(name, []))
        {
            if (scope.TryResolve(table.Name, out var value) && value is Mapping mapping)
            {
                foreach (var key in Keys(mapping, table.Depth))
                {
                    if (NuGetVersion.TryParse(key.TrimStart('v'), out var version))
                    {
                        result[key] = version;
                    }
                }
            }
        }

        return result.Select(r => (r.Key, r.Value)).ToList();
    }

    /// <summary>The versions of a table that have a checksum; tables have 0 where a release has no build for an architecture.</summary>
    private static IEnumerable<string> Keys(Mapping table, int depth) => depth > 0
        ? table.Select(e => e.Value).OfType<Mapping>().SelectMany(m => Keys(m, depth - 1))
        : table.Where(e => e.Value is not (null or 0L or "0" or "")).Select(e => PythonText.Str(e.Key));
}
