using System.Runtime.CompilerServices;
using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Vault;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>The variables of one host with its facts, evaluated when they are read and then kept.</summary>
internal sealed class HostScope : IScope
{
    private readonly HostScopes _scopes;
    private readonly HostLayers _layers;
    private readonly HostClass _class;
    private readonly HostFacts _facts;
    private readonly Dictionary<string, object?> _shared;
    private readonly Dictionary<string, object?> _own = new(StringComparer.Ordinal);

    public HostScope(HostScopes scopes, HostLayers layers, HostFacts facts)
    {
        (_scopes, _layers, _facts) = (scopes, layers, facts);
        _class = scopes.ClassOf(layers.Host.Name);
        _shared = _class.ValuesFor(facts);
    }

    /// <summary>The inventory name.</summary>
    public string Host => _layers.Host.Name;

    /// <summary>All names that are defined.</summary>
    public IEnumerable<string> Names =>
        _class.Constants.Keys.Concat(_layers.Own.Keys).Concat(_class.Inventory.Keys).Concat(_class.Defaults.Keys).Distinct(StringComparer.Ordinal);

    public string? EnvironmentVariable(string name) => _scopes.Store.Environment.GetValueOrDefault(name);

    public bool TryDefinition(string name, out object? definition)
    {
        var found = Find(name, out var variable);
        definition = variable?.Value;
        return found && variable is not null;
    }

    public bool TryResolve(string name, out object? value)
    {
        if (_shared.TryGetValue(name, out value))
        {
            return true;
        }

        if (_own.TryGetValue(name, out value))
        {
            _scopes.Trail.ReadOwn = true;
            return true;
        }

        if (!Find(name, out var variable))
        {
            return false;
        }

        _scopes.Trail.Enter(Host, name, variable?.Where);
        var (outer, own) = (_scopes.Trail.ReadOwn, false);
        _scopes.Trail.ReadOwn = _class.Varying.Contains(name) || MagicVariables.IsOwn(name);
        try
        {
            value = variable is null ? Computed(name) : Evaluate(variable.Value);
            value = _scopes.Ranges.Resolve(name, value, this);
            Sharing.Mark(value);
        }
        catch (EvaluationException exception) when (exception.Failure == EvaluationFailure.Undefined)
        {
            // What is undefined below may still be tested or defaulted by whoever reads this variable.
            value = new Undefined(exception.Fault);
        }
        finally
        {
            // Whoever reads this variable has read what it read, however that ended.
            own = _scopes.Trail.ReadOwn;
            _scopes.Trail.ReadOwn |= outer;
            _scopes.Trail.Leave();
        }

        (own ? _own : _shared)[name] = value;
        return true;
    }

    /// <summary>As another host reads it through <c>hostvars</c>: for that host it is the same whoever reads it.</summary>
    public bool TryResolveForOther(string name, out object? value)
    {
        var outer = _scopes.Trail.ReadOwn;
        try
        {
            return TryResolve(name, out value);
        }
        finally
        {
            _scopes.Trail.ReadOwn = outer;
        }
    }

    /// <summary>A value with every template in it run.</summary>
    /// <exception cref="EvaluationException">It cannot be evaluated.</exception>
    public object? Evaluate(object? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return value switch
        {
            TemplateText template => Renderer.Render(template, this),
            VaultText vaulted => _scopes.Store.Vault.Decrypt(vaulted.Envelope, vaulted.Where),
            Mapping { IsDeferred: true } mapping => new Mapping(mapping.Select(e => new KeyValuePair<object, object?>(e.Key, Evaluate(e.Value)))) { IsShared = true },
            Sequence { IsDeferred: true } sequence => new Sequence(sequence.Select(Evaluate)) { IsShared = true },
            _ => value,
        };
    }

    /// <summary>Whether the definition that counts is not one of the catalogue's.</summary>
    public bool IsDefinedOutsideCatalogue(string name) =>
        _scopes.Store.Extra.Variables.ContainsKey(name) || (!_class.Constants.ContainsKey(name) && (_layers.Own.ContainsKey(name) || _class.Inventory.ContainsKey(name)));

    /// <summary>Runs something and says whether it read anything of this host alone.</summary>
    public T Observe<T>(Func<T> read, out bool readOwn)
    {
        var outer = _scopes.Trail.ReadOwn;
        _scopes.Trail.ReadOwn = false;
        try
        {
            return read();
        }
        finally
        {
            readOwn = _scopes.Trail.ReadOwn;
            _scopes.Trail.ReadOwn |= outer;
        }
    }

    /// <summary>The definition that counts; null with true for what is computed and not defined.</summary>
    private bool Find(string name, out Variable? variable)
    {
        variable = null;
        if (MagicVariables.Is(name))
        {
            return true;
        }

        if (_class.Constants.TryGetValue(name, out variable))
        {
            return true;
        }

        var isFact = FactVariables.Is(name);
        if (isFact && _facts.Probed)
        {
            return true;
        }

        return _layers.Own.TryGetValue(name, out variable) || _class.Inventory.TryGetValue(name, out variable) || isFact || _class.Defaults.TryGetValue(name, out variable);
    }

    private object? Computed(string name) =>
        FactVariables.Is(name) ? FactVariables.Get(name, _facts, this) : MagicVariables.Get(name, new MagicContext(_scopes, _layers, this));
}
