using System.Globalization;

namespace Cake.KubeCache.Configuration.Inventory;

/// <summary>A host as inventories name it: <c>name</c>, <c>name:port</c>, <c>[2001:db8::1]:port</c>, or a bare IPv6 address.</summary>
/// <param name="Name">Name, address, or pattern with ranges.</param>
/// <param name="Port">The port, or null.</param>
internal readonly record struct HostAddress(string Name, long? Port)
{
    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It ends with a colon, or its port is out of range.</exception>
    public static HostAddress Parse(string text)
    {
        if (text.EndsWith(':'))
        {
            throw new FormatException($"the host '{text}' ends with ':', which belongs before a port");
        }

        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var close && text.AsSpan(1, close - 1).Count(':') >= 2 && text[1..close].Contains("::", StringComparison.Ordinal) | text.AsSpan(1, close - 1).Count(':') == 7)
        {
            return close == text.Length - 1 ? new HostAddress(text[1..close], null)
                : text[close + 1] == ':' ? new HostAddress(text[1..close], PortOf(text[(close + 2)..], text))
                : new HostAddress(text, null);
        }

        var colon = text.LastIndexOf(':');
        var inBrackets = colon >= 0 && text.IndexOf(']', colon) >= 0;
        if (colon < 0 || inBrackets || WithoutRanges(text).Count(c => c == ':') > 1)
        {
            return new HostAddress(text, null);
        }

        return new HostAddress(text[..colon], PortOf(text[(colon + 1)..], text));
    }

    private static long PortOf(string digits, string text) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? port
            : throw new FormatException($"the port of the host '{text}' is no number from 1 to 65535");

    private static string WithoutRanges(string text)
    {
        while (text.IndexOf('[', StringComparison.Ordinal) is >= 0 and var open && text.IndexOf(']', open) is > 0 and var close)
        {
            text = text[..open] + text[(close + 1)..];
        }

        return text;
    }
}
