using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>Bools that were written as texts: INI inventories make a text of <c>true</c>.</summary>
internal static class Flags
{
    /// <summary>
    /// A value where a bool is meant. Texts are read as words (<c>false</c>, <c>no</c>, <c>off</c>, <c>0</c> and nothing are false), with a warning.
    /// </summary>
    public static bool Read(object? value, string what, ICollection<Fault> warnings)
    {
        if (value is not string text)
        {
            return PythonTruth.Of(value);
        }

        var flag = text.Trim().ToLowerInvariant() is not ("" or "false" or "no" or "off" or "0" or "none" or "n" or "f");
        if (text.Length > 0)
        {
            warnings.Add(new Fault($"{what} is a text where a bool is meant") { Got = $"'{text}'", Expected = flag ? "true" : "false", Hint = flag ? "it is taken as true" : "it is taken as false" });
        }

        return flag;
    }
}
