using System.Globalization;

namespace Cake.KubeCache.Execution;

/// <summary>Numbers as people read them: decimal (SI) byte units, seconds with the digits that matter.</summary>
internal static class Units
{
    private static readonly string[] Names = ["B", "kB", "MB", "GB", "TB"];

    /// <summary><c>0 B</c>, <c>999 B</c>, <c>1.2 kB</c>, <c>112 MB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        // 999.5 and above would print as 1000 of the smaller unit.
        while (Math.Abs(value) >= 999.5 && unit < Names.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var digits = unit == 0 || Math.Abs(value) >= 99.95 ? "0" : "0.#";
        return value.ToString(digits, CultureInfo.InvariantCulture) + " " + Names[unit];
    }

    /// <summary><c>0.04 s</c>, <c>3.2 s</c>, <c>1 min 05 s</c>, <c>2 h 03 min</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
        < 59.95 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes - (time.TotalSeconds % 60 / 60):0} min {(int)time.TotalSeconds % 60:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
    };

    /// <summary>Bytes per second; nothing when no time was measured.</summary>
    public static string Rate(long bytes, TimeSpan time) => time.TotalSeconds > 0.0005 ? Bytes((long)(bytes / time.TotalSeconds)) + "/s" : "";
}
