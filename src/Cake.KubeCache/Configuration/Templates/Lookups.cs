using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Templates;

/// <summary>Ansible's lookups that need nothing but variables, the environment and files of the control machine.</summary>
internal static class Lookups
{
    /// <summary><c>lookup('name', term, …)</c>, or <c>query</c>, whose result stays a list.</summary>
    public static object? Run(FilterCall call, bool asList)
    {
        var name = call.Arguments.Text(0, "lookup");
        var arguments = call.Arguments.Skip(1);
        var results = Qualified.Plain(name) switch
        {
            "env" => Terms(arguments).Select(t => (object?)(call.Scope.EnvironmentVariable(t) ?? PythonText.Str(arguments.Get(int.MaxValue, "default", "")))).ToList(),
            "vars" => Terms(arguments).Select(t => Variable(t, arguments, call.Scope)).ToList(),
            "file" => Terms(arguments).Select(FileContent).ToList(),
            "list" or "items" or "flattened" => arguments.Positional.SelectMany(a => a is Sequence s ? s : (IEnumerable<object?>)[a]).ToList(),
            "dict" => arguments.Positional.SelectMany(a => a is Mapping m ? m : throw EvaluationException.Invalid($"lookup('dict') does not work on {PythonText.Describe(a)}"))
                .Select(e => (object?)new Mapping { ["key"] = e.Key, ["value"] = e.Value }).ToList(),
            _ => throw new EvaluationException(EvaluationFailure.Unsupported, new Fault($"the lookup '{name}' is not supported")
            {
                Expected = "env, vars, file, dict, list, items or flattened",
                Hint = "set the variable that uses it in the inventory or with --set",
            }),
        };
        if (asList || arguments.Named.TryGetValue("wantlist", out var want) && PythonTruth.Of(want))
        {
            return new Sequence(results);
        }

        return results.Count == 1 ? results[0] : results.All(r => r is string) ? string.Join(',', results.Cast<string>()) : new Sequence(results);
    }

    private static IEnumerable<string> Terms(Arguments arguments) =>
        arguments.Positional.SelectMany(a => a is Sequence list ? list.Select(PythonText.Str) : [PythonText.Str(a)]);

    private static object? Variable(string name, Arguments arguments, IScope scope)
    {
        if (scope.TryResolve(name, out var value) && value is not Undefined)
        {
            return value;
        }

        return arguments.Named.TryGetValue("default", out var otherwise) ? otherwise : value as Undefined ?? Undefined.Name(name);
    }

    private static object? FileContent(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException(EvaluationFailure.Invalid, new Fault($"lookup('file') cannot read '{path}'") { Got = exception.Message }, exception);
        }
    }
}
