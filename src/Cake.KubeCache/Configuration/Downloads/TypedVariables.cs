using System.Globalization;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>Variables of a host where a certain type is meant; what is wrong is gathered.</summary>
internal sealed class TypedVariables(HostScope scope, ICollection<Fault> faults, ICollection<Fault> warnings)
{
    public HostScope Scope => scope;

    /// <summary>Faults so far.</summary>
    public ICollection<Fault> Faults => faults;

    /// <summary>A variable's value; null where it is undefined, needs something undefined, or is null.</summary>
    public object? Value(string name)
    {
        try
        {
            return scope.TryResolve(name, out var value) && value is not Undefined && value is not MagicVariables.Omit ? value : null;
        }
        catch (EvaluationException exception)
        {
            faults.Add(exception.Fault with { Cause = exception.Fault.What, What = $"'{name}' cannot be evaluated on {scope.Host}: {exception.Fault.What}" });
            return null;
        }
    }

    /// <summary>A text; null where it is undefined or empty.</summary>
    public string? Text(string name) => Value(name) is { } value && PythonText.Str(value) is { Length: > 0 } text ? text : null;

    /// <summary>The first of several names that is defined, as text.</summary>
    public string? FirstText(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Text(name) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <summary>A bool, or its default.</summary>
    public bool Flag(string name, bool otherwise) => Value(name) is { } value ? Flags.Read(value, name, warnings) : otherwise;

    /// <summary>A whole number, or its default.</summary>
    public int Number(string name, int otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        faults.Add(new Fault($"'{name}' of {scope.Host} is no number") { Got = text });
        return otherwise;
    }

    /// <summary>A list's items; a single value is a list of one, nothing is an empty list.</summary>
    public IReadOnlyList<object?> List(string name) => Value(name) switch
    {
        null or "" => [],
        Sequence list => list,
        var one => [one],
    };
}
