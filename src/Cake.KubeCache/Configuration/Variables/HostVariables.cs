using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary><c>hostvars</c>: the variables of every host.</summary>
internal sealed class HostVariables(HostScopes scopes) : IIndexed
{
    public IEnumerable<object?> Keys => scopes.Store.Tree.Hosts.Select(h => (object?)h.Name);

    public bool Contains(object? key) => key is string name && scopes.Has(name);

    public bool TryIndex(object? key, out object? value)
    {
        value = Contains(key) ? new ScopeVariables(scopes.Seen((string)key!), isForeign: true) : null;
        return value is not null;
    }
}

/// <summary>The variables of one host as a mapping: <c>vars</c>, and the entries of <c>hostvars</c>.</summary>
internal sealed class ScopeVariables(HostScope scope, bool isForeign = false) : IIndexed
{
    public IEnumerable<object?> Keys => scope.Names;

    public bool Contains(object? key) => TryIndex(key, out _);

    public bool TryIndex(object? key, out object? value)
    {
        value = null;
        return key is string name && (isForeign ? scope.TryResolveForOther(name, out value) : scope.TryResolve(name, out value));
    }
}
