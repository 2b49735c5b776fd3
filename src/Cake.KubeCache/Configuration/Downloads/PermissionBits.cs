using System.Globalization;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>Permission bits as catalogues write them.</summary>
internal static class PermissionBits
{
    /// <summary>
    /// Octal digits with a leading zero. A text stays as it is. YAML reads <c>755</c> as a decimal number that means 0755, and <c>0755</c> as the
    /// number 493: of the two readings the one counts that gives nobody more than the owner.
    /// </summary>
    public static string Of(object? value)
    {
        if (value is not long number || number is < 0 or > 7777)
        {
            return value is null ? "" : PythonText.Str(value);
        }

        var digits = number.ToString(CultureInfo.InvariantCulture);
        var octal = Convert.ToString(number, 8);
        return "0" + (IsPlausible(digits) || !IsPlausible(octal) ? digits : octal);
    }

    private static bool IsPlausible(string digits) =>
        digits.Length is 3 or 4 && digits.All(c => c is >= '0' and <= '7') &&
        digits[^3] is >= '4' && (digits[^3] & digits[^2] & 7) == (digits[^2] & 7) && (digits[^3] & digits[^1] & 7) == (digits[^1] & 7);
}
