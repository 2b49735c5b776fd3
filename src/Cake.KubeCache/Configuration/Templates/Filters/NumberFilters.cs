using System.Globalization;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters over numbers.</summary>
internal static class NumberFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("int", Int),
        new("float", Float),
        new("abs", c => c.Input is double real ? Math.Abs(real) : (object)Math.Abs(PythonNumber.ToLong(c.Input))),
        new("round", c => Round(c)),
        new("pow", c => PythonOperators.Arithmetic("**", c.Input, c.Arguments.Require(0, "power"))),
    ];

    private static object? Int(FilterCall call)
    {
        var otherwise = call.Arguments.Get(0, "default", 0L);
        switch (call.Input)
        {
            case long or bool or double:
                return call.Input is double and (double.NaN or double.PositiveInfinity or double.NegativeInfinity) ? otherwise : PythonNumber.ToLong(call.Input);
            case string text:
                var @base = PythonNumber.ToLong(call.Arguments.Get(1, "base", 10L));
                var digits = text.Trim().Replace("_", "", StringComparison.Ordinal);
                if (@base is 2 or 8 or 16)
                {
                    var negative = digits.StartsWith('-');
                    var body = digits.TrimStart('-', '+');
                    body = body.Length > 1 && body[0] == '0' && char.IsAsciiLetter(body[1]) && !(@base == 16 && body[1] is not ('x' or 'X')) ? body[2..] : body;
                    var prefix = @base switch { 2 => "0b", 8 => "0o", _ => "0x" };
                    return PythonNumeral.TryParse(prefix + body, negative, out var based) ? based : otherwise;
                }

                return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                    : double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? (long)real
                    : otherwise;
            default:
                return otherwise;
        }
    }

    private static object? Float(FilterCall call) => call.Input switch
    {
        long or bool or double => PythonNumber.ToDouble(call.Input),
        string text when double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var real) => real,
        _ => call.Arguments.Get(0, "default", 0.0),
    };

    private static double Round(FilterCall call)
    {
        var scale = Math.Pow(10, PythonNumber.ToLong(call.Arguments.Get(0, "precision", 0L)));
        var value = PythonNumber.ToDouble(call.Input) * scale;
        return call.Arguments.Text(1, "method", "common") switch
        {
            "ceil" => Math.Ceiling(value) / scale,
            "floor" => Math.Floor(value) / scale,
            _ => Math.Round(value, MidpointRounding.ToEven) / scale,
        };
    }
}
