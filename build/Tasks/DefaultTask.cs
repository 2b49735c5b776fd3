using Cake.Frosting;

namespace Build.Tasks;

/// <summary>What runs when no target is named.</summary>
[TaskName("Default")]
[TaskDescription("Tests everything")]
[IsDependentOn(typeof(TestTask))]
public sealed class DefaultTask : FrostingTask;
