using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>One application of a filter or test.</summary>
/// <param name="Input">What stands before the bar or <c>is</c>.</param>
/// <param name="Arguments">What stands in its parentheses.</param>
/// <param name="Scope">Where names are found.</param>
internal sealed record FilterCall(object? Input, Arguments Arguments, IScope Scope)
{
    /// <summary>The input as text.</summary>
    public string InputText => PythonText.Str(Input);

    /// <summary>The input's items.</summary>
    public IEnumerable<object?> Items => PythonOperators.Iterate(Input);
}

/// <summary>A filter.</summary>
internal delegate object? FilterFunction(FilterCall call);

/// <summary>A test.</summary>
internal delegate bool TestFunction(FilterCall call);
