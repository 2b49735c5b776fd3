using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Cake.KubeCache.Configuration.Values;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>The parts of <c>ansible.utils.ipaddr</c> that addresses in catalogues are computed with.</summary>
internal static class NetworkFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("ipaddr", Address),
        new("ipwrap", c => IPAddress.TryParse(c.InputText, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{c.InputText}]" : c.InputText),
    ];

    private static object? Address(FilterCall call)
    {
        var text = call.InputText;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var prefixText = slash < 0 ? "" : text[(slash + 1)..];
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bits = address.GetAddressBytes().Length * 8;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(prefixText, NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            return false;
        }

        var number = new BigInteger(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
        var size = BigInteger.One << (bits - prefix);
        var network = number - (number % size);
        return call.Arguments.Get(0, "query", "") switch
        {
            "" => text,
            "net" or "network/prefix" or "subnet" => string.Create(CultureInfo.InvariantCulture, $"{Text(network, bits)}/{prefix}"),
            "network" => Text(network, bits),
            "address" => Text(number, bits),
            "prefix" => (long)prefix,
            "netmask" => Text((BigInteger.One << bits) - size, bits),
            "broadcast" => Text(network + size - 1, bits),
            "size" => (long)BigInteger.Min(size, long.MaxValue),
            "bool" => true,
            "host" or "host/prefix" or "address/prefix" => string.Create(CultureInfo.InvariantCulture, $"{Text(number, bits)}/{prefix}"),
            "version" => bits == 32 ? 4L : 6L,
            "ipv4" => bits == 32 ? text : false,
            "ipv6" => bits == 128 ? text : false,
            long at => Nth(network, size, at, bits, prefix),
            string digits when long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at) => Nth(network, size, at, bits, prefix),
            var query => throw EvaluationException.Invalid($"ipaddr does not know the query {PythonText.Repr(query)}"),
        };
    }

    private static object Nth(BigInteger network, BigInteger size, long at, int bits, int prefix)
    {
        var offset = at < 0 ? size + at : at;
        return offset < 0 || offset >= size ? false : string.Create(CultureInfo.InvariantCulture, $"{Text(network + offset, bits)}/{prefix}");
    }

    private static string Text(BigInteger number, int bits)
    {
        var bytes = new byte[bits / 8];
        var digits = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes, bytes.Length - digits.Length);
        return new IPAddress(bytes).ToString();
    }
}
