using Cake.KubeCache.Configuration.Values;
using Cake.KubeCache.Configuration.Vault;
using Cake.KubeCache.Configuration.Yaml;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Variables;

/// <summary>Reads files whose top level is a mapping of variables; a file that is vaulted as a whole is decrypted.</summary>
internal sealed class VariableFile(VaultSecrets vault, ICollection<Fault> warnings)
{
    /// <summary>Variables of a file into a dictionary; the later definition wins.</summary>
    /// <exception cref="KubeCacheException">It cannot be read, or its top level is no mapping.</exception>
    public void ReadInto(string path, IDictionary<string, Variable> variables)
    {
        var file = InputFile.Read(path);
        if (VaultEnvelope.Begins(file.Text))
        {
            file = file with { Text = vault.Decrypt(file.Text, file.At(1)) };
        }

        AddTo(variables, YamlReader.Read(file, warnings), file);
    }

    /// <summary>Variables of several files as one layer; a file that cannot be read does not hide what is wrong in the next.</summary>
    /// <param name="title">The layer in words.</param>
    /// <param name="paths">The files; the later one wins.</param>
    /// <param name="faults">Where faults are gathered.</param>
    public VariableLayer ReadLayer(string title, IReadOnlyList<string> paths, ICollection<Fault> faults)
    {
        var variables = new Dictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            try
            {
                ReadInto(path, variables);
            }
            catch (KubeCacheException exception)
            {
                foreach (var fault in exception.Faults)
                {
                    faults.Add(fault);
                }
            }
        }

        return new VariableLayer(title, variables);
    }

    /// <summary>The entries of a mapping that was read from a file as variables.</summary>
    /// <exception cref="KubeCacheException">The value is no mapping.</exception>
    public static void AddTo(IDictionary<string, Variable> variables, object? value, InputFile file)
    {
        switch (value)
        {
            case null:
                return;
            case Mapping mapping:
                foreach (var (key, entry) in mapping)
                {
                    variables[PythonText.Str(key)] = new Variable(entry, file.At(mapping.LineOf(key)));
                }

                return;
            default:
                throw new KubeCacheException(ErrorKind.Input, new Fault("the file holds no variables") { Where = file.At(1), Got = PythonText.Describe(value), Expected = "a mapping of names to values" });
        }
    }
}
