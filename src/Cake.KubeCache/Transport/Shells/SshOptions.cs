namespace Cake.KubeCache.Transport.Shells;

/// <summary>
/// OpenSSH options as one place gives them (ssh_config(5)): of each the first value counts, except for those that may be given
/// several times.
/// </summary>
internal sealed class SshOptions
{
    private static readonly HashSet<string> Repeatable = new(StringComparer.OrdinalIgnoreCase) { "IdentityFile", "CertificateFile" };
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a value, unless the option has one already and takes only one.</summary>
    public void Add(string option, string value)
    {
        if (!_values.TryGetValue(option, out var values))
        {
            _values[option] = values = [];
        }

        if (values.Count == 0 || Repeatable.Contains(option))
        {
            values.Add(value);
        }
    }

    /// <summary>The value, or null.</summary>
    public string? this[string option] => _values.TryGetValue(option, out var values) ? values[0] : null;

    /// <summary>All values of an option that may be given several times.</summary>
    public IReadOnlyList<string> All(string option) => _values.TryGetValue(option, out var values) ? values : [];

    /// <summary>Whether the option is <c>yes</c>.</summary>
    public bool IsYes(string option) => this[option] is { } value && (value.Equals("yes", StringComparison.OrdinalIgnoreCase) || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>The value, unless it is <c>none</c>, which takes back what a later place would give.</summary>
    public string? UnlessNone(string option) => this[option] is { } value && !value.Equals("none", StringComparison.OrdinalIgnoreCase) ? value : null;

    /// <summary>Adds what another place gives; this one goes before it.</summary>
    public void AddFrom(SshOptions weaker)
    {
        foreach (var (option, values) in weaker._values)
        {
            foreach (var value in values)
            {
                Add(option, value);
            }
        }
    }
}
