using System.Buffers.Binary;
using System.Text;

namespace Build.Upstream.Archives;

/// <summary>
/// A static Linux program of a few hundred bytes that prints a text and ends: ELF header, one program header, the machine code,
/// the text. With it the quickstart's images are real: any container engine runs them.
/// </summary>
internal static class TinyProgram
{
    private const ulong LoadAddress = 0x400000;
    private const int HeaderSize = 64 + 56;

    /// <summary>The program for an OCI architecture (<c>amd64</c> or <c>arm64</c>).</summary>
    public static byte[] Printing(string text, string architecture)
    {
        var message = Encoding.UTF8.GetBytes(text);
        var (machine, code) = architecture switch
        {
            "amd64" => (62, Amd64(message.Length)),
            "arm64" => (183, Arm64(message.Length)),
            _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "amd64 or arm64"),
        };
        var size = HeaderSize + code.Length + message.Length;
        return [.. Headers((ushort)machine, (ulong)size), .. code, .. message];
    }

    // System V ABI, chapter 4 and 5: one loadable segment that is the whole file.
    private static byte[] Headers(ushort machine, ulong size)
    {
        var headers = new byte[HeaderSize];
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(headers);
        Write16(16, 2);
        Write16(18, machine);
        Write32(20, 1);
        Write64(24, LoadAddress + HeaderSize);
        Write64(32, 64);
        Write16(52, 64);
        Write16(54, 56);
        Write16(56, 1);
        Write16(58, 64);
        Write32(64, 1);
        Write32(68, 5);
        Write64(80, LoadAddress);
        Write64(88, LoadAddress);
        Write64(96, size);
        Write64(104, size);
        Write64(112, 0x10000);
        return headers;

        void Write16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(headers.AsSpan(at), value);
        void Write32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(headers.AsSpan(at), value);
        void Write64(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(headers.AsSpan(at), value);
    }

    private static byte[] Amd64(int length)
    {
        byte[] code =
        [
            0xb8, 1, 0, 0, 0, // mov eax, 1 (write)
            0xbf, 1, 0, 0, 0, // mov edi, 1
            0x48, 0x8d, 0x35, 0, 0, 0, 0, // lea rsi, [rip + message]
            0xba, 0, 0, 0, 0, // mov edx, length
            0x0f, 0x05, // syscall
            0xb8, 60, 0, 0, 0, // mov eax, 60 (exit)
            0x31, 0xff, // xor edi, edi
            0x0f, 0x05, // syscall
        ];
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(13), code.Length - 17);
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(18), length);
        return code;
    }

    private static byte[] Arm64(int length)
    {
        uint[] code =
        [
            0xd2800020, // mov x0, #1
            0x100000e1, // adr x1, message (seven instructions on)
            0xd2800002 | (uint)length << 5, // mov x2, #length
            0xd2800808, // mov x8, #64 (write)
            0xd4000001, // svc #0
            0xd2800000, // mov x0, #0
            0xd2800ba8, // mov x8, #93 (exit)
            0xd4000001, // svc #0
        ];
        var bytes = new byte[code.Length * sizeof(uint)];
        for (var i = 0; i < code.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), code[i]);
        }

        return bytes;
    }
}
