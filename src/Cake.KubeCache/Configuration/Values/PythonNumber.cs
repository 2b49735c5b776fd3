using System.Globalization;

namespace Cake.KubeCache.Configuration.Values;

/// <summary>Numbers as Python reads and prints them.</summary>
internal static class PythonNumber
{
    /// <summary>Whether a value counts as a number (bools do).</summary>
    public static bool IsNumber(object? value) => value is long or double or bool;

    /// <summary>A number's value as a float.</summary>
    public static double ToDouble(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        _ => throw EvaluationException.Invalid($"{PythonText.Describe(value)} is no number"),
    };

    /// <summary>A number's value as an integer, truncated.</summary>
    public static long ToLong(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => (long)number,
        _ => throw EvaluationException.Invalid($"{PythonText.Describe(value)} is no number"),
    };

    /// <summary>The shortest text that reads back as the same float: <c>1.15</c>, <c>1.0</c>, <c>1e+16</c>.</summary>
    public static string Repr(double value)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        var magnitude = Math.Abs(value);
        if (magnitude != 0 && magnitude is < 1e-4 or >= 1e16)
        {
            var text = value.ToString("E16", CultureInfo.InvariantCulture);
            for (var digits = 0; digits < 17; digits++)
            {
                text = value.ToString("E" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
                if (double.Parse(text, CultureInfo.InvariantCulture) == value)
                {
                    break;
                }
            }

            var e = text.IndexOf('E', StringComparison.Ordinal);
            var exponent = int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"{text[..e]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (shortest.Contains('E', StringComparison.Ordinal))
        {
            shortest = ((decimal)value).ToString(CultureInfo.InvariantCulture);
        }

        return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
    }
}
