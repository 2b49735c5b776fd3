using System.Text;

namespace Cake.KubeCache.Delivery.Archives;

/// <summary>A tar member's header (POSIX ustar), for members whose content is on the node and is put into the archive there.</summary>
internal static class TarHeader
{
    private const int Length = 512;

    /// <summary>The header of a blob, as the format of the shell's <c>printf</c>.</summary>
    public static string Printf(string name, long size)
    {
        var text = new StringBuilder();
        foreach (var b in Bytes(name, size))
        {
            text.Append(b is 0 ? "\\000" : ((char)b).ToString());
        }

        return text.ToString();
    }

    private static byte[] Bytes(string name, long size)
    {
        var header = new byte[Length];
        Put(0, name);
        Put(100, "0000644");
        Put(108, "0000000");
        Put(116, "0000000");
        Put(124, Convert.ToString(size, 8).PadLeft(11, '0'));
        Put(136, "00000000000");
        Put(148, "        ");
        Put(156, "0");
        Put(257, "ustar");
        Put(263, "00");
        // The checksum counts its own place as blanks.
        Put(148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0'));
        header[154] = 0;
        return header;

        void Put(int at, string value) => Encoding.ASCII.GetBytes(value, header.AsSpan(at));
    }
}
