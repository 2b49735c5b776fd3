using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Vault;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>A debugger for precedence: which layers define a variable of a host, and which one counts.</summary>
internal static class Explainer
{
    /// <summary>All definitions of a variable, lowest precedence first, and what it evaluates to.</summary>
    public static VariableExplanation Explain(HostScopes scopes, string host, string variable, HostFacts facts)
    {
        var scope = scopes.Of(host, facts);
        var layers = scopes.LayersOf(host);
        var catalogue = scopes.Store.Catalogue;
        var found = new List<(string Layer, Variable? Variable)>();
        Add(catalogue.Defaults);
        var isFact = FactVariables.Is(variable);
        var fact = (facts.Probed ? "facts of the node" : "facts, as no node was asked", (Variable?)null);
        if (isFact && !facts.Probed)
        {
            found.Add(fact);
        }

        Add(layers.OfGroups);
        Add(layers.OfHost);
        if (isFact && facts.Probed)
        {
            found.Add(fact);
        }

        Add(catalogue.Constants);
        Add([scopes.Store.Extra]);
        if (MagicVariables.Is(variable))
        {
            found.Add(("computed for each host", null));
        }

        var (value, problem) = Value(scope, variable);
        return new VariableExplanation(
            variable,
            host,
            value,
            problem,
            found.Select((f, i) => new VariableDefinition(f.Layer, f.Variable?.Where, f.Variable is null ? value ?? "" : Hidden(variable) ? "***" : Written(f.Variable.Value), i == found.Count - 1)).ToList());

        void Add(IReadOnlyList<VariableLayer> some) =>
            found.AddRange(some.Where(l => l.Variables.ContainsKey(variable)).Select(l => (l.Title, (Variable?)l.Variables[variable])));
    }

    private static (string? Value, Fault? Problem) Value(HostScope scope, string variable)
    {
        try
        {
            return !scope.TryResolve(variable, out var value) ? (null, Undefined.Name(variable).Fault)
                : value is Undefined undefined ? (null, undefined.Fault)
                : (Hidden(variable) ? "***" : value is HostVariables or ScopeVariables ? "(the variables of hosts)" : PythonText.Str(value), null);
        }
        catch (EvaluationException exception)
        {
            return (null, exception.Fault);
        }
    }

    private static string Written(object? value) => value switch
    {
        TemplateText template => template.Text,
        VaultText => "(vaulted)",
        Mapping { IsDeferred: true } mapping => "{" + string.Join(", ", mapping.Select(e => $"{PythonText.Str(e.Key)}: {Written(e.Value)}")) + "}",
        Sequence { IsDeferred: true } sequence => "[" + string.Join(", ", sequence.Select(Written)) + "]",
        _ => PythonText.Str(value),
    };

    /// <summary>Names whose values are never printed.</summary>
    private static bool Hidden(string name) =>
        name.Contains("pass", StringComparison.OrdinalIgnoreCase) || name.Contains("secret", StringComparison.OrdinalIgnoreCase) || name.Contains("token", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_auth", StringComparison.Ordinal);
}
