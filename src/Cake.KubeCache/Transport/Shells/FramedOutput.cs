using System.Globalization;
using System.Text;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>
/// Takes the frame off a script's output that is bytes and not text: everything up to the line of the first marker, and the last line
/// with the second marker and the exit code. What might still be the beginning of that last line is held back.
/// </summary>
/// <param name="mark">The marker; no byte sequence of the content, because it is random.</param>
internal sealed class FramedOutput(string mark)
{
    /// <summary>An exit code has at most three digits; more is room to spare.</summary>
    private const int LongestCode = 10;

    private readonly byte[] _begin = Encoding.ASCII.GetBytes($"\n{mark}\n");
    private readonly byte[] _end = Encoding.ASCII.GetBytes($"\n{mark} ");
    private byte[] _held = [];
    private bool _begun;

    /// <summary>The script's exit code, once its line was seen.</summary>
    public int? Code { get; private set; }

    /// <summary>Takes what was read.</summary>
    /// <returns>What of it, and of what was held back, is content for sure.</returns>
    public ReadOnlyMemory<byte> Take(ReadOnlySpan<byte> piece)
    {
        var all = new byte[_held.Length + piece.Length];
        _held.CopyTo(all, 0);
        piece.CopyTo(all.AsSpan(_held.Length));
        var content = all.AsMemory();
        if (!_begun)
        {
            // The first marker's line is the first of all where nothing was printed before it.
            var at = all.AsSpan().IndexOf(_begin);
            if (at < 0)
            {
                _held = all[Math.Max(0, all.Length - _begin.Length)..];
                return default;
            }

            _begun = true;
            content = content[(at + _begin.Length)..];
        }

        var tail = content.Span[Math.Max(0, content.Length - _end.Length - LongestCode)..];
        var last = tail.LastIndexOf(_end);
        if (last >= 0 && tail[^1] == '\n')
        {
            Code = int.Parse(tail[(last + _end.Length)..^1], CultureInfo.InvariantCulture);
            _held = [];
            return content[..^(tail.Length - last)];
        }

        var keep = Math.Min(content.Length, _end.Length + LongestCode);
        _held = content[^keep..].ToArray();
        return content[..^keep];
    }
}
