using System.Globalization;
using Cake.KubeCache.Configuration.Templates;
using Cake.KubeCache.Configuration.Yaml;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>
/// Variables of the command line: <c>key=value</c> or <c>@file.yml</c>. A value is YAML where that loses nothing of its text: words for
/// bools and null, whole numbers that print as they were written, <c>{…}</c>, <c>[…]</c> and quoted texts. Everything else is a text, so that
/// <c>1.30</c> stays <c>1.30</c>.
/// </summary>
internal static class ExtraVariables
{
    /// <summary>Reads all settings; the later one wins.</summary>
    /// <exception cref="KubeCacheException">A setting is malformed, or a file cannot be read.</exception>
    public static VariableLayer Read(IReadOnlyList<string> settings, VariableFile files)
    {
        var variables = new Dictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            if (setting.StartsWith('@'))
            {
                files.ReadInto(setting[1..], variables);
                continue;
            }

            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new KubeCacheException(ErrorKind.Input, new Fault("a variable is not set as it should be") { Got = $"--set={setting}", Expected = "--set=name=value or --set=@file.yml" });
            }

            var name = setting[..equals].Trim();
            variables[name] = new Variable(Value(name, setting[(equals + 1)..]), new SourcePosition("--set=" + name));
        }

        return new VariableLayer("--set", variables);
    }

    private static object? Value(string name, string text)
    {
        var where = new SourcePosition("--set=" + name);
        if (TemplateText.Looks(text))
        {
            return new TemplateText(text, where);
        }

        if (text.Length > 0 && text[0] is '{' or '[' or '"' or '\'')
        {
            try
            {
                return YamlReader.ReadPlain(text);
            }
            catch (KubeCacheException) when (text[0] is '[')
            {
                // A version range such as [1.34,1.36) begins like a list.
                return text;
            }
        }

        return YamlScalar.Resolve(text) switch
        {
            null when text.Length == 0 => "",
            double => text,
            long number when number.ToString(CultureInfo.InvariantCulture) != text => text,
            var value => value,
        };
    }
}
