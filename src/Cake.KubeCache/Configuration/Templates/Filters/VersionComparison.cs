using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>One question of the <c>version</c> test.</summary>
/// <param name="Left">The version before <c>is</c>.</param>
/// <param name="Right">The version in the parentheses.</param>
/// <param name="Operator">Such as <c>&gt;=</c> or <c>ge</c>.</param>
/// <param name="Kind"><c>loose</c>, <c>strict</c> or <c>semver</c>.</param>
internal sealed record VersionComparison(string Left, string Right, string Operator, string Kind)
{
    /// <summary>Reads <c>is version(version, operator, strict, version_type)</c>.</summary>
    public static VersionComparison Of(FilterCall call)
    {
        var strict = call.Arguments.Get(2, "strict");
        var kind = call.Arguments.Get(3, "version_type");
        if (strict is not null && kind is not null)
        {
            throw EvaluationException.Invalid("'strict' and 'version_type' cannot both be given");
        }

        var comparison = new VersionComparison(
            call.InputText,
            call.Arguments.Text(0, "version"),
            call.Arguments.Text(1, "operator", "eq"),
            kind is not null ? PythonText.Str(kind) : strict is not null && PythonTruth.Of(strict) ? "strict" : "loose");
        return comparison.Left.Length > 0 && comparison.Right.Length > 0 && call.Input is not null
            ? comparison
            : throw EvaluationException.Invalid("a version to compare is empty");
    }
}
