using System.Runtime.CompilerServices;
using System.Text;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Computes expressions.</summary>
/// <param name="source">The template they stand in, for places.</param>
/// <param name="scope">Where names are found that the template itself does not set.</param>
internal sealed class Evaluator(TemplateText source, IScope scope)
{
    private const int MostChoices = 12;

    /// <summary>The value of an expression; <see cref="Undefined"/> for what is missing.</summary>
    /// <exception cref="EvaluationException">It cannot be computed; with the place.</exception>
    public object? Evaluate(Expression expression, Frame frame)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        try
        {
            return Compute(expression, frame);
        }
        catch (EvaluationException exception) when (exception.Fault.Where is null)
        {
            throw exception.At(source.At(expression.Offset));
        }
    }

    private object? Compute(Expression expression, Frame frame) => expression switch
    {
        ConstantExpression constant => constant.Value,
        NameExpression name => Name(name, frame),
        AttributeExpression attribute => Attribute(attribute, Evaluate(attribute.Target, frame)),
        SubscriptExpression subscript => Subscript(subscript, Evaluate(subscript.Target, frame), Evaluate(subscript.Key, frame)),
        SliceExpression slice => PythonSlice.Of(Evaluate(slice.Target, frame), Optional(slice.Start, frame), Optional(slice.Stop, frame), Optional(slice.Step, frame)),
        FilterExpression filter => Filter(filter, frame),
        TestExpression test => Test(test, frame),
        CallExpression call => Call(call, frame),
        ComparisonExpression comparison => Comparison(comparison, frame),
        ConditionalExpression conditional => Conditional(conditional, frame),
        UnaryExpression unary => Unary(unary, frame),
        BinaryExpression binary => Binary(binary, frame),
        ConcatExpression concat => Concat(concat, frame),
        ListExpression list => new Sequence(list.Items.Select(i => Evaluate(i, frame)), list.IsTuple),
        MappingExpression mapping => Mapping(mapping, frame),
        _ => throw new EvaluationException(EvaluationFailure.Unsupported, new Fault("this expression is not supported in templates")),
    };

    private object? Name(NameExpression name, Frame frame)
    {
        if (frame.TryGet(name.Name, out var value) || scope.TryResolve(name.Name, out value))
        {
            return value;
        }

        return Missing(name.Offset, $"'{name.Name}' is undefined");
    }

    private object? Attribute(AttributeExpression attribute, object? target)
    {
        switch (target)
        {
            case Undefined:
                return target;
            case IIndexed indexed when indexed.TryIndex(attribute.Name, out var value):
                return value;
            case not null when Methods.Has(target, attribute.Name):
                return new BoundMethod(target, attribute.Name);
            default:
                return Missing(attribute.Offset, $"{PythonText.Describe(target)} has no '{attribute.Name}'");
        }
    }

    private object? Subscript(SubscriptExpression subscript, object? target, object? key)
    {
        if (target is Undefined)
        {
            return target;
        }

        if (key is Undefined)
        {
            return key;
        }

        object? value = null;
        var found = target switch
        {
            IIndexed indexed => indexed.TryIndex(key, out value),
            Sequence or string when key is long or bool => PythonSlice.TryAt(target, PythonNumber.ToLong(key), out value),
            _ => false,
        };
        if (found)
        {
            return value;
        }

        var missing = Missing(subscript.Offset, $"{PythonText.Describe(target)} has no {(key is string ? $"key '{key}'" : $"item {PythonText.Str(key)}")}");
        return target is IIndexed { Keys: var keys } ? missing with { Fault = missing.Fault with { Expected = Choices(keys) } } : missing;
    }

    private object? Filter(FilterExpression filter, Frame frame)
    {
        var function = FilterTable.Find(filter.Name) ??
            throw new EvaluationException(EvaluationFailure.Unsupported, new Fault($"the filter '{filter.Name}' is not known") { Where = source.At(filter.Offset), Hint = FilterTable.Nearest(filter.Name) });
        object? input;
        try
        {
            input = Evaluate(filter.Input, frame);
        }
        catch (EvaluationException exception) when (exception.Failure == EvaluationFailure.Undefined && FilterTable.AcceptsUndefined(filter.Name))
        {
            input = new Undefined(exception.Fault);
        }

        if (!FilterTable.AcceptsUndefined(filter.Name))
        {
            input = input is Undefined { IsLenient: true } ? "" : input;
            PythonOperators.Defined(input);
        }

        return function(new FilterCall(input, EvaluateArguments(filter.Arguments, frame), scope));
    }

    private bool Test(TestExpression test, Frame frame)
    {
        var function = TestTable.Find(test.Name) ??
            throw new EvaluationException(EvaluationFailure.Unsupported, new Fault($"the test '{test.Name}' is not known") { Where = source.At(test.Offset), Hint = TestTable.Nearest(test.Name) });
        var input = Evaluate(test.Input, frame);
        if (!TestTable.AcceptsUndefined(test.Name))
        {
            PythonOperators.Defined(input);
        }

        return function(new FilterCall(input, EvaluateArguments(test.Arguments, frame), scope));
    }

    private object? Call(CallExpression call, Frame frame)
    {
        var arguments = EvaluateArguments(call.Arguments, frame);
        if (call.Target is AttributeExpression method)
        {
            var target = Evaluate(method.Target, frame);
            if (target is not null and not Undefined && Methods.Has(target, method.Name))
            {
                if (Methods.Changes(method.Name) && Sharing.Own(target) is { } copy && !ReferenceEquals(copy, target))
                {
                    // The rest of this template sees the change; the variable itself does not.
                    target = copy;
                    if (method.Target is NameExpression name)
                    {
                        frame.SetOutermost(name.Name, copy);
                    }
                }

                return Methods.Call(target, method.Name, arguments);
            }

            PythonOperators.Defined(target);
        }

        if (call.Target is NameExpression function && Globals.Find(function.Name) is { } global && !frame.TryGet(function.Name, out _))
        {
            return global(new FilterCall(null, arguments, scope));
        }

        var callee = Evaluate(call.Target, frame);
        PythonOperators.Defined(callee);
        return callee is BoundMethod bound
            ? Methods.Call(bound.Target, bound.Name, arguments)
            : throw new EvaluationException(EvaluationFailure.Unsupported, new Fault($"{PythonText.Describe(callee)} cannot be called"));
    }

    private bool Comparison(ComparisonExpression comparison, Frame frame)
    {
        var left = Evaluate(comparison.First, frame);
        foreach (var (symbol, operand) in comparison.Rest)
        {
            var right = Evaluate(operand, frame);
            var holds = symbol switch
            {
                "==" => PythonEquality.AreEqual(left, right),
                "!=" => !PythonEquality.AreEqual(left, right),
                "in" => PythonOperators.Contains(right, left),
                "not in" => !PythonOperators.Contains(right, left),
                "<" => PythonOperators.Compare(left, right) < 0,
                "<=" => PythonOperators.Compare(left, right) <= 0,
                ">" => PythonOperators.Compare(left, right) > 0,
                _ => PythonOperators.Compare(left, right) >= 0,
            };
            if (!holds)
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private object? Conditional(ConditionalExpression conditional, Frame frame)
    {
        if (PythonTruth.Of(Evaluate(conditional.Condition, frame)))
        {
            return Evaluate(conditional.Then, frame);
        }

        return conditional.Otherwise is null
            ? Missing(conditional.Offset, "the inline 'if' is false and has no 'else'") with { IsLenient = true }
            : Evaluate(conditional.Otherwise, frame);
    }

    private object? Unary(UnaryExpression unary, Frame frame)
    {
        var operand = Evaluate(unary.Operand, frame);
        return unary.Symbol switch
        {
            "not" => !PythonTruth.Of(operand),
            "-" when operand is double real => -real,
            "-" => -PythonNumber.ToLong(operand),
            _ when PythonNumber.IsNumber(operand) => operand,
            _ => throw EvaluationException.Invalid($"'+' does not work on {PythonText.Describe(operand)}"),
        };
    }

    private object? Binary(BinaryExpression binary, Frame frame)
    {
        var left = Evaluate(binary.Left, frame);
        return binary.Symbol switch
        {
            // As in Python the result is one of the operands, not a bool.
            "and" => PythonTruth.Of(left) ? Evaluate(binary.Right, frame) : left,
            "or" => PythonTruth.Of(left) ? left : Evaluate(binary.Right, frame),
            _ => PythonOperators.Arithmetic(binary.Symbol, left, Evaluate(binary.Right, frame)),
        };
    }

    private string Concat(ConcatExpression concat, Frame frame)
    {
        var text = new StringBuilder();
        foreach (var part in concat.Parts)
        {
            text.Append(PythonText.Str(Evaluate(part, frame)));
        }

        return text.ToString();
    }

    private Mapping Mapping(MappingExpression expression, Frame frame)
    {
        var mapping = new Mapping();
        foreach (var (keyExpression, valueExpression) in expression.Entries)
        {
            var key = Evaluate(keyExpression, frame);
            PythonOperators.Defined(key);
            mapping[key ?? "None"] = Evaluate(valueExpression, frame);
        }

        return mapping;
    }

    private object? Optional(Expression? expression, Frame frame) => expression is null ? null : Evaluate(expression, frame);

    private Arguments EvaluateArguments(ArgumentList list, Frame frame)
    {
        if (ReferenceEquals(list, ArgumentList.None))
        {
            return Arguments.None;
        }

        var positional = new object?[list.Positional.Count];
        for (var i = 0; i < positional.Length; i++)
        {
            positional[i] = Evaluate(list.Positional[i], frame);
        }

        return list.Named.Count == 0
            ? Arguments.Of(positional)
            : new Arguments(positional, list.Named.ToDictionary(n => n.Name, n => Evaluate(n.Value, frame), StringComparer.Ordinal));
    }

    private static string? Choices(IEnumerable<object?> keys)
    {
        var first = keys.Take(MostChoices + 1).Select(PythonText.Str).ToList();
        return first.Count == 0 ? null : "one of " + string.Join(", ", first.Take(MostChoices)) + (first.Count > MostChoices ? ", …" : "");
    }

    private Undefined Missing(int offset, string what) => new(new Fault(what) { Where = source.At(offset) });
}
