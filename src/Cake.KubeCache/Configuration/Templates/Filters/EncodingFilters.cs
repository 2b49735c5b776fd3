using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Yaml;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates.Filters;

/// <summary>Filters that encode, decode and hash.</summary>
internal static class EncodingFilters
{
    public static IReadOnlyList<NamedFilter> All { get; } =
    [
        new("b64encode", c => Convert.ToBase64String(Bytes(c.InputText))),
        new("b64decode", c => Base64.IsValid(c.InputText) ? Encoding.UTF8.GetString(Convert.FromBase64String(c.InputText)) : throw EvaluationException.Invalid("the text is not Base64")),
        new("hash", c => Hash(c.Arguments.Text(0, "hashtype", "sha1"), c.InputText)),
        new("md5", c => Hash("md5", c.InputText)),
        new("sha1", c => Hash("sha1", c.InputText)),
        new("checksum", c => Hash("sha1", c.InputText)),
        new("urlencode", c => Uri.EscapeDataString(c.InputText).Replace("%2F", "/", StringComparison.Ordinal)),
        new("from_json", c => FromText(c)),
        new("from_yaml", c => FromText(c)),
        new("to_json", c => Json(c.Input)),
        new("tojson", c => Json(c.Input)),
    ];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static object? FromText(FilterCall call)
    {
        if (call.Input is not string text)
        {
            return call.Input;
        }

        try
        {
            return YamlReader.ReadPlain(text);
        }
        catch (KubeCacheException exception)
        {
            throw new EvaluationException(EvaluationFailure.Invalid, exception.Faults[0] with { Where = null }, exception);
        }
    }

    /// <summary>JSON, which is YAML as well.</summary>
    private static string Json(object? value)
    {
        var text = new StringBuilder();
        WriteJson(text, value);
        return text.ToString();
    }

    private static void WriteJson(StringBuilder text, object? value)
    {
        switch (value)
        {
            case Mapping mapping:
                text.Append('{');
                foreach (var (key, entry) in mapping)
                {
                    text.Append(text[^1] == '{' ? "" : ", ");
                    WriteJson(text, PythonText.Str(key));
                    text.Append(": ");
                    WriteJson(text, entry);
                }

                text.Append('}');
                break;
            case Sequence sequence:
                text.Append('[');
                for (var i = 0; i < sequence.Count; i++)
                {
                    text.Append(i > 0 ? ", " : "");
                    WriteJson(text, sequence[i]);
                }

                text.Append(']');
                break;
            case string s:
                text.Append('"');
                foreach (var c in s)
                {
                    _ = c is '"' or '\\' ? text.Append('\\').Append(c) : c == '\n' ? text.Append("\\n") : c is < ' ' or > '~' ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : text.Append(c);
                }

                text.Append('"');
                break;
            default:
                text.Append(value switch { null => "null", bool flag => flag ? "true" : "false", _ => PythonText.Str(value) });
                break;
        }
    }

#pragma warning disable CA5350, CA5351 // The catalogue asks for these by name; nothing is protected by them here.
    private static string Hash(string algorithm, string text) => algorithm switch
    {
        "md5" => Convert.ToHexStringLower(MD5.HashData(Bytes(text))),
        "sha1" => Convert.ToHexStringLower(SHA1.HashData(Bytes(text))),
        "sha256" => Convert.ToHexStringLower(SHA256.HashData(Bytes(text))),
        "sha512" => Convert.ToHexStringLower(SHA512.HashData(Bytes(text))),
        _ => throw EvaluationException.Invalid($"the hash '{algorithm}' is not supported"),
    };
#pragma warning restore CA5350, CA5351
}
