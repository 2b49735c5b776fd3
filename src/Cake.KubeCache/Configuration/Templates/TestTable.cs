using System.Collections.Frozen;
using Cake.KubeCache.Configuration.Templates.Filters;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>All tests by name.</summary>
internal static class TestTable
{
    private static readonly FrozenDictionary<string, TestFunction> Known = new (string[] Names, TestFunction Function)[]
    {
        (["defined"], c => c.Input is not Undefined),
        (["undefined"], c => c.Input is Undefined),
        (["none"], c => c.Input is null),
        (["string"], c => c.Input is string),
        (["number"], c => PythonNumber.IsNumber(c.Input)),
        (["integer"], c => c.Input is long),
        (["float"], c => c.Input is double),
        (["boolean"], c => c.Input is bool),
        (["true"], c => c.Input is true),
        (["false"], c => c.Input is false),
        (["mapping"], c => c.Input is IIndexed),
        (["iterable"], c => c.Input is string or Sequence or IIndexed),
        (["sequence"], c => c.Input is string or Sequence or IIndexed),
        (["callable"], c => c.Input is BoundMethod),
        (["sameas"], c => ReferenceEquals(c.Input, c.Arguments.Get(0, "other")) || (c.Input is bool or long && Equals(c.Input, c.Arguments.Get(0, "other")))),
        (["in"], c => PythonOperators.Contains(c.Arguments.Get(0, "seq"), c.Input)),
        (["contains"], c => PythonOperators.Contains(c.Input, c.Arguments.Get(0, "value"))),
        (["eq", "equalto", "=="], c => PythonEquality.AreEqual(c.Input, c.Arguments.Get(0, "other"))),
        (["ne", "!="], c => !PythonEquality.AreEqual(c.Input, c.Arguments.Get(0, "other"))),
        (["lt", "lessthan", "<"], c => PythonOperators.Compare(c.Input, c.Arguments.Get(0, "other")) < 0),
        (["le", "<="], c => PythonOperators.Compare(c.Input, c.Arguments.Get(0, "other")) <= 0),
        (["gt", "greaterthan", ">"], c => PythonOperators.Compare(c.Input, c.Arguments.Get(0, "other")) > 0),
        (["ge", ">="], c => PythonOperators.Compare(c.Input, c.Arguments.Get(0, "other")) >= 0),
        (["odd"], c => PythonNumber.ToLong(c.Input) % 2 != 0),
        (["even"], c => PythonNumber.ToLong(c.Input) % 2 == 0),
        (["divisibleby"], c => PythonNumber.ToLong(PythonOperators.Arithmetic("%", c.Input, c.Arguments.Require(0, "num"))) == 0),
        (["lower"], c => c.InputText.Any(char.IsLower) && !c.InputText.Any(char.IsUpper)),
        (["upper"], c => c.InputText.Any(char.IsUpper) && !c.InputText.Any(char.IsLower)),
        (["truthy"], c => PythonTruth.Of(c.Arguments.Flag(0, "convert_bool") ? PythonTruth.FromWord(c.Input) : c.Input)),
        (["falsy"], c => !PythonTruth.Of(c.Arguments.Flag(0, "convert_bool") ? PythonTruth.FromWord(c.Input) : c.Input)),
        (["all"], c => c.Items.All(PythonTruth.Of)),
        (["any"], c => c.Items.Any(PythonTruth.Of)),
        (["subset", "issubset"], c => c.Items.All(i => PythonOperators.Contains(c.Arguments.Get(0, "b"), i))),
        (["superset", "issuperset"], c => PythonOperators.Iterate(c.Arguments.Get(0, "b")).All(i => PythonOperators.Contains(c.Input, i))),
        (["version", "version_compare"], c => PythonVersion.Compare(VersionComparison.Of(c))),
        (["match"], c => PythonRegex.Of(c).Match(c.InputText) is { Success: true, Index: 0 }),
        (["search", "regex"], c => PythonRegex.Of(c).IsMatch(c.InputText)),
        (["filter"], c => FilterTable.Find(c.InputText) is not null),
        (["test"], c => Find(c.InputText) is not null),
    }.SelectMany(t => t.Names.Select(name => (name, t.Function))).ToFrozenDictionary(t => t.name, t => t.Function, StringComparer.Ordinal);

    /// <summary>A test, with or without the name of the collection that has it; null when there is none.</summary>
    public static TestFunction? Find(string name) => Known.GetValueOrDefault(Qualified.Plain(name));

    /// <summary>Whether a test only asks what kind of value it is given.</summary>
    public static bool AcceptsUndefined(string name) =>
        Qualified.Plain(name) is "defined" or "undefined" or "none" or "string" or "number" or "integer" or "float" or "boolean" or "true" or "false" or "mapping" or "iterable" or "sequence" or "callable" or "sameas";

    /// <summary>A hint that names the test that was perhaps meant.</summary>
    public static string? Nearest(string name) => Qualified.Nearest(Qualified.Plain(name), Known.Keys);
}
