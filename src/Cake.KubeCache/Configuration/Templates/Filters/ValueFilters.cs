using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters over values of any kind.</summary>
internal static class ValueFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("default", Default),
        new("d", Default),
        new("bool", c => c.Input is null ? null : PythonTruth.FromWord(c.Input)),
        new("ternary", Ternary),
        new("mandatory", c => c.Input is Undefined undefined
            ? throw new EvaluationException(EvaluationFailure.Invalid, undefined.Fault with { Hint = c.Arguments.Get(0, "msg") as string ?? undefined.Fault.Hint })
            : c.Input),
        new("type_debug", c => c.Input switch
        {
            null => "NoneType",
            string => "str",
            bool => "bool",
            long => "int",
            double => "float",
            Sequence { IsTuple: true } => "tuple",
            Sequence => "list",
            Undefined => "AnsibleUndefined",
            _ => "dict",
        }),
    ];

    private static object? Default(FilterCall call)
    {
        var missing = call.Input is Undefined || (call.Arguments.Flag(1, "boolean") && !PythonTruth.Of(call.Input));
        return missing ? call.Arguments.Get(0, "default_value", "") : call.Input;
    }

    private static object? Ternary(FilterCall call) =>
        call.Arguments.Positional.Count + call.Arguments.Named.Count < 2 ? throw EvaluationException.Invalid("ternary needs a value for true and one for false")
        : call.Input is null && call.Arguments.Get(2, "none_val") is { } none ? none
        : PythonTruth.Of(call.Input) ? call.Arguments.Get(0, "true_val") : call.Arguments.Get(1, "false_val");
}
