namespace Cake.KubeCache.Model;

/// <summary>What a file's content must hash to, as the <c>checksum</c> of a download item gives it.</summary>
public abstract record Checksum
{
    /// <summary>The digest itself: <c>sha256:hex</c>, <c>sha512:hex</c> or bare hex (64 or 128 digits).</summary>
    public sealed record Known(Digest Digest) : Checksum
    {
        /// <inheritdoc/>
        public override string ToString() => Digest.ToString();
    }

    /// <summary>A list to fetch first: <c>sha256:https://…/SHA256SUMS</c> or <c>sha256:https://…/file.sha256</c>.</summary>
    /// <param name="Algorithm"><c>sha256</c> or <c>sha512</c>.</param>
    /// <param name="Url">Where the list is.</param>
    public sealed record Listed(string Algorithm, string Url) : Checksum
    {
        /// <inheritdoc/>
        public override string ToString() => $"{Algorithm}:{Url}";
    }

    /// <summary>Reads a checksum in any of its forms; null when the text is empty.</summary>
    /// <exception cref="FormatException">None of the forms.</exception>
    public static Checksum? Parse(string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Digest.TryParse(text, out var digest))
        {
            return new Known(digest);
        }

        if (!text.Contains(':') && text.All(char.IsAsciiHexDigit) && text.Length is 64 or 128)
        {
            return new Known(Digest.Parse((text.Length == 64 ? "sha256:" : "sha512:") + text));
        }

        var colon = text.IndexOf(':');
        if (colon > 0 && text[..colon] is "sha256" or "sha512" && Uri.TryCreate(text[(colon + 1)..], UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "file")
        {
            return new Listed(text[..colon], text[(colon + 1)..]);
        }

        throw new FormatException($"'{text}' is no checksum (expected sha256:<64 hex>, sha512:<128 hex>, bare hex, or sha256:<URL of a checksum list>)");
    }
}
