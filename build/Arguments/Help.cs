namespace Build.Arguments;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Help
{
    public static void Write(TextWriter output)
    {
        output.WriteLine("Usage: ./build.sh [--target=NAME] [arguments]");
        output.WriteLine();
        output.WriteLine("Without arguments: provisions three nodes on this machine from recipes/quickstart.");
        output.WriteLine("./build.sh --description lists the targets.");
        Section(output, "Provisioning (each also as an environment variable, such as KUBECACHE_INVENTORY)", KnownArguments.OfAddin);
        Section(output, "Building and testing", KnownArguments.OfBuild);
        Section(output, "Cake", KnownArguments.OfCake);
        output.WriteLine();
        output.WriteLine("Exit codes: 0 done or up to date, 1 failed, 2 wrong input (nothing was started), 3 nodes are not as planned.");
    }

    private static void Section(TextWriter output, string title, IEnumerable<KnownArgument> arguments)
    {
        output.WriteLine();
        output.WriteLine(title + ":");
        foreach (var argument in arguments)
        {
            var usage = $"--{argument.Name}{(argument.Value is null ? "" : "=" + argument.Value)}";
            output.WriteLine($"  {usage,-28} {argument.Help}{(argument.Repeatable ? "; repeatable" : "")}");
        }
    }
}
