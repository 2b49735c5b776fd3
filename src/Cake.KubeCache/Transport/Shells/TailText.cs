using System.Text;

namespace Cake.KubeCache.Transport.Shells;

/// <summary>Keeps the end of a stream of text and forgets the rest, so that a chatty command cannot fill memory.</summary>
internal sealed class TailText(int limit)
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds text, dropping the oldest above the limit (characters).</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        _text.Append(text);
        if (_text.Length > limit)
        {
            _text.Remove(0, _text.Length - limit);
        }
    }

    /// <summary>Reads a stream of UTF-8 to its end.</summary>
    public async Task ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false), false, 4096, leaveOpen: true);
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer.AsMemory()) is > 0 and var read)
        {
            Append(buffer.AsSpan(0, read));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
