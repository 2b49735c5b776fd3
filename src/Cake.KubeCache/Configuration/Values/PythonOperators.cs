using System.Globalization;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>Python's operators over values.</summary>
internal static class PythonOperators
{
    /// <summary>A binary arithmetic operator.</summary>
    public static object? Arithmetic(string symbol, object? left, object? right)
    {
        Defined(left);
        Defined(right);
        return (symbol, left, right) switch
        {
            ("+", string a, string b) => a + b,
            ("+", Sequence a, Sequence b) => new Sequence(a.Concat(b), a.IsTuple && b.IsTuple),
            ("*", string a, long n) => string.Concat(Enumerable.Repeat(a, (int)Math.Clamp(n, 0, 100_000))),
            ("*", Sequence a, long n) => new Sequence(Enumerable.Repeat(a, (int)Math.Clamp(n, 0, 100_000)).SelectMany(x => x)),
            ("%", string format, _) => PythonFormat.Percent(format, right is Sequence { IsTuple: true } many ? many : new Sequence([right])),
            _ when PythonNumber.IsNumber(left) && PythonNumber.IsNumber(right) => Number(symbol, left, right),
            _ => throw EvaluationException.Invalid($"'{symbol}' does not work between {PythonText.Describe(left)} and {PythonText.Describe(right)}"),
        };
    }

    /// <summary>Order of two values: negative, zero or positive.</summary>
    public static int Compare(object? left, object? right)
    {
        Defined(left);
        Defined(right);
        switch (left, right)
        {
            case (string a, string b):
                return string.CompareOrdinal(a, b);
            case (Sequence a, Sequence b):
                for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
                {
                    if (!PythonEquality.AreEqual(a[i], b[i]))
                    {
                        return Compare(a[i], b[i]);
                    }
                }

                return a.Count.CompareTo(b.Count);
            case var _ when PythonNumber.IsNumber(left) && PythonNumber.IsNumber(right):
                return PythonNumber.ToDouble(left).CompareTo(PythonNumber.ToDouble(right));
            default:
                throw EvaluationException.Invalid($"{PythonText.Describe(left)} and {PythonText.Describe(right)} have no order");
        }
    }

    /// <summary>Python's <c>in</c>.</summary>
    public static bool Contains(object? container, object? item)
    {
        Defined(container);
        return container switch
        {
            string text when item is string part => text.Contains(part, StringComparison.Ordinal),
            string when item is Undefined undefined => throw new EvaluationException(EvaluationFailure.Undefined, undefined.Fault),
            Sequence sequence => sequence.Any(x => PythonEquality.AreEqual(x, item)),
            IIndexed mapping => mapping.Contains(item is Undefined undefined ? throw new EvaluationException(EvaluationFailure.Undefined, undefined.Fault) : item),
            _ => throw EvaluationException.Invalid($"'in' does not work on {PythonText.Describe(container)}"),
        };
    }

    /// <summary>What iterating a value gives.</summary>
    public static IEnumerable<object?> Iterate(object? value)
    {
        Defined(value);
        return value switch
        {
            Sequence sequence => sequence,
            string text => text.Select(c => (object?)c.ToString()),
            IIndexed mapping => mapping.Keys,
            _ => throw EvaluationException.Invalid($"{PythonText.Describe(value)} cannot be iterated"),
        };
    }

    /// <summary>The number of items, keys or characters.</summary>
    public static long Length(object? value)
    {
        Defined(value);
        return value switch
        {
            Sequence sequence => sequence.Count,
            string text => text.Length,
            Mapping mapping => mapping.Count,
            IIndexed mapping => mapping.Keys.LongCount(),
            _ => throw EvaluationException.Invalid($"{PythonText.Describe(value)} has no length"),
        };
    }

    /// <summary>Fails where a value is undefined.</summary>
    public static void Defined(object? value)
    {
        if (value is Undefined undefined)
        {
            throw new EvaluationException(EvaluationFailure.Undefined, undefined.Fault);
        }
    }

    private static object Number(string symbol, object? left, object? right)
    {
        var whole = left is not double && right is not double;
        var (a, b) = (PythonNumber.ToDouble(left), PythonNumber.ToDouble(right));
        if (symbol is "/" or "//" or "%" && b == 0)
        {
            throw EvaluationException.Invalid("division by zero");
        }

        if (!whole || symbol == "/")
        {
            return Real(symbol, a, b);
        }

        return Whole(symbol, PythonNumber.ToLong(left), PythonNumber.ToLong(right));
    }

    private static double Real(string symbol, double a, double b) => symbol switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "//" => Math.Floor(a / b),
        "%" => a - (b * Math.Floor(a / b)),
        "**" => Math.Pow(a, b),
        _ => throw EvaluationException.Invalid($"unknown operator '{symbol}'"),
    };

    private static object Whole(string symbol, long x, long y)
    {
        try
        {
            return symbol switch
            {
                "+" => (object)checked(x + y),
                "-" => checked(x - y),
                "*" => checked(x * y),
                "//" => (x / y) - ((x % y != 0 && (x < 0) != (y < 0)) ? 1 : 0),
                "%" => ((x % y) + y) % y,
                "**" when y >= 0 => checked((long)Math.Pow(x, y)),
                "**" => Math.Pow(x, y),
                _ => throw EvaluationException.Invalid($"unknown operator '{symbol}'"),
            };
        }
        catch (OverflowException exception)
        {
            throw new EvaluationException(EvaluationFailure.Invalid, new Model.Fault(string.Create(CultureInfo.InvariantCulture, $"{x} {symbol} {y} is too large a number")), exception);
        }
    }
}
