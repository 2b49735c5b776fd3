using Cake.KubeCache.Model;

namespace Build.Arguments;

/// <summary>
/// Finds arguments that nobody would read. Cake hands everything it does not know on to the build and a misspelt
/// <c>--inventroy</c> would silently provision something else.
/// </summary>
internal static class ArgumentCheck
{
    private const string Hint = "./build.sh --help lists the arguments";

    /// <summary>Everything that is wrong with the arguments; empty when nothing is.</summary>
    public static IReadOnlyList<Fault> Faults(IReadOnlyList<string> args)
    {
        var faults = new List<Fault>();
        var seen = new HashSet<KnownArgument>();
        for (var i = 0; i < args.Count; i++)
        {
            var (fault, argument) = Read(args[i]);
            if (argument is null)
            {
                faults.Add(fault!);
                continue;
            }

            if (argument.Value is not null)
            {
                // "--cache=DIR", or "--cache DIR" where the value is the next word.
                var inline = args[i].Split('=', 2).ElementAtOrDefault(1);
                var next = inline is null && i + 1 < args.Count && !args[i + 1].StartsWith('-') ? args[++i] : null;
                if (string.IsNullOrEmpty(inline ?? next))
                {
                    faults.Add(new Fault($"--{argument.Name} has no value") { Expected = $"--{argument.Name}={argument.Value}", Hint = Hint });
                }
            }

            if (!seen.Add(argument) && !argument.Repeatable)
            {
                faults.Add(new Fault($"--{argument.Name} is given more than once") { Hint = "only one value would be used" });
            }
        }

        return faults;
    }

    private static (Fault? Fault, KnownArgument? Argument) Read(string word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
        {
            var name = word[2..].Split('=', 2)[0];
            return KnownArguments.All.FirstOrDefault(a => a.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } known
                ? (null, known)
                : (Unknown($"Unknown argument --{name}", name), null);
        }

        if (word.Length >= 2 && word[0] == '-' && (word.Length == 2 || word[2] == '='))
        {
            return KnownArguments.All.FirstOrDefault(a => a.Letter == word[1]) is { } known
                ? (null, known)
                : (new Fault($"Unknown argument {word[..2]}") { Hint = Hint }, null);
        }

        return (new Fault($"'{word}' is no argument") { Hint = $"a target is named by --target={word}; {Hint}" }, null);
    }

    private static Fault Unknown(string what, string name)
    {
        var nearest = Nearest.Of(name, KnownArguments.All.SelectMany(a => a.Names));
        return new Fault(what) { Hint = nearest is null ? Hint : $"did you mean --{nearest}? {Hint}" };
    }
}
