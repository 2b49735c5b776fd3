using System.Text;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Yaml;

/// <summary>An input file as text: UTF-8 with or without a byte order mark (or UTF-16 with one); anything else is an error with its place.</summary>
/// <param name="Path">Path as the user gave it, or as it was found.</param>
/// <param name="Text">The content.</param>
internal sealed record InputFile(string Path, string Text)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <exception cref="KubeCacheException">It cannot be read, or is no UTF-8.</exception>
    public static InputFile Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KubeCacheException(ErrorKind.Input, new Fault("cannot read the file") { Where = new SourcePosition(path), Got = exception.Message }, exception);
        }

        return new InputFile(path, Decode(path, bytes));
    }

    /// <summary>A place in this file.</summary>
    public SourcePosition At(int line, int column = 0) => new(Path, line, column);

    private static string Decode(string path, byte[] bytes)
    {
        try
        {
            return bytes switch
            {
                [0xEF, 0xBB, 0xBF, ..] => Strict.GetString(bytes, 3, bytes.Length - 3),
                [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2),
                [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2),
                _ => Strict.GetString(bytes),
            };
        }
        catch (DecoderFallbackException exception)
        {
            var before = bytes.AsSpan(0, Math.Min(exception.Index, bytes.Length));
            var line = before.Count((byte)'\n') + 1;
            var column = before.Length - before.LastIndexOf((byte)'\n');
            var wrong = exception.BytesUnknown is [var first, ..] ? $"the byte 0x{first:X2}" : "a wrong byte";
            throw new KubeCacheException(
                ErrorKind.Input,
                new Fault("the file is not UTF-8")
                {
                    Where = new SourcePosition(path, line, column),
                    Got = wrong + (exception.BytesUnknown is [>= 0x80 and <= 0x9F, ..] ? ", as Windows-1252 writes quotes and dashes" : ", as Latin-1 or Windows-1252 write accented letters"),
                    Expected = "UTF-8",
                    Hint = $"convert it: iconv -f WINDOWS-1252 -t UTF-8 '{path}'",
                },
                exception);
        }
    }
}
