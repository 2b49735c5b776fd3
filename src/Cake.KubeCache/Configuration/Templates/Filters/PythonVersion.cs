using System.Globalization;
using System.Text.RegularExpressions;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;
using NuGet.Versioning;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Versions as Ansible's <c>version</c> test compares them (distutils' LooseVersion and StrictVersion, semver 2.0).</summary>
internal static partial class PythonVersion
{
    /// <summary>Whether a comparison holds.</summary>
    public static bool Compare(VersionComparison comparison)
    {
        var order = comparison.Kind switch
        {
            "loose" => Loose(comparison.Left, comparison.Right),
            "strict" => Strict(comparison.Left, comparison.Right),
            "semver" or "semantic" => Semantic(comparison.Left).CompareTo(Semantic(comparison.Right)),
            _ => throw new EvaluationException(EvaluationFailure.Unsupported, new Fault($"the version type '{comparison.Kind}' is not supported") { Expected = "loose, strict, semver or semantic" }),
        };
        return comparison.Operator switch
        {
            "==" or "=" or "eq" => order == 0,
            "!=" or "<>" or "ne" => order != 0,
            "<" or "lt" => order < 0,
            "<=" or "le" => order <= 0,
            ">" or "gt" => order > 0,
            ">=" or "ge" => order >= 0,
            _ => throw EvaluationException.Invalid($"'{comparison.Operator}' is no operator to compare versions with"),
        };
    }

    [GeneratedRegex(@"\d+|[a-z]+|\.|[^0-9a-z.]+")]
    private static partial Regex LoosePart();

    [GeneratedRegex(@"^(\d+)\.(\d+)(\.(\d+))?([ab](\d+))?$")]
    private static partial Regex StrictVersion();

    private static int Loose(string left, string right)
    {
        var (a, b) = (LooseParts(left), LooseParts(right));
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            if (a[i] is long != b[i] is long)
            {
                throw EvaluationException.Invalid($"the versions '{left}' and '{right}' have no order: '{a[i]}' and '{b[i]}' are not of one kind");
            }

            var order = a[i] is long number ? number.CompareTo((long)b[i]) : string.CompareOrdinal((string)a[i], (string)b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Count.CompareTo(b.Count);
    }

    private static List<object> LooseParts(string version) =>
        LoosePart().Matches(version).Select(m => m.Value).Where(p => p != ".")
            .Select(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (object)p).ToList();

    private static int Strict(string left, string right)
    {
        var (a, b) = (StrictParts(left), StrictParts(right));
        var numbers = (a.Major, a.Minor, a.Patch).CompareTo((b.Major, b.Minor, b.Patch));
        return numbers != 0 ? numbers : a.Pre == b.Pre ? 0 : a.Pre.Length == 0 ? 1 : b.Pre.Length == 0 ? -1
            : (a.Pre[0], int.Parse(a.Pre[1..], CultureInfo.InvariantCulture)).CompareTo((b.Pre[0], int.Parse(b.Pre[1..], CultureInfo.InvariantCulture)));
    }

    private static (int Major, int Minor, int Patch, string Pre) StrictParts(string version)
    {
        var match = StrictVersion().Match(version);
        return match.Success
            ? (Number(match.Groups[1].Value), Number(match.Groups[2].Value), Number("0" + match.Groups[4].Value), match.Groups[5].Value)
            : throw EvaluationException.Invalid($"'{version}' is no strict version");
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static SemanticVersion Semantic(string version) =>
        SemanticVersion.TryParse(version.StartsWith('v') ? version[1..] : version, out var parsed) ? parsed : throw EvaluationException.Invalid($"'{version}' is no semantic version");
}
